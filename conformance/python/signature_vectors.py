"""Writes engine/wire/src/testing/generated/signature-vectors.json: odd requests as botocore signs them, for the tests of engine/wire.

Run it with the file to write as its argument; the time and the key pair are fixed, so that the file changes only with botocore.
"""

import datetime
import json
import sys
from unittest import mock
from urllib.parse import quote, urlsplit

import botocore
from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
KEYS = {
    "accessKeyId": "AKIATESTTESTTESTTEST",
    "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "sessionToken": "FwoGZXIvYXdzEBY+/=token",
}
ORIGIN = "http://127.0.0.1:4700"
REGION = "eu-central-1"

OBJECT_KEYS = [
    "plain", "a b", "a+b", "ü/日本/🙂", "a//b", "../up", "./here", "dir/", "~tilde-._", "!'()*", "%2F", "&=?#;:@$,", "a\tb", "/lead",
]
OBJECT_QUERIES = [
    "acl", "tagging&versionId=null", "prefix=a%2Fb&marker=", "b=2&a=1&a=0&a=", "list-type=2&continuation-token=x%2By%3D%2F",
    "prefix=~", "delimiter=%20&prefix=%2B", "A=1&a=2&B=3", "uploadId=x&partNumber=1", "response-content-type=text%2Fhtml%3B%20charset%3Dutf-8",
]
HEADER_LISTS = [
    [("x-amz-meta-spaces", "dark   blue  sky")],
    [("x-amz-meta-tab", "a\t b")],
    [("x-amz-meta-around", "  inside  ")],
    [("x-amz-meta-twice", "one"), ("x-amz-meta-twice", "two  three")],
    [("x-amz-meta-comma", "one, two,three")],
    [("x-amz-meta-empty", "")],
    [("x-amz-meta-letters", "voilà  è")],
    [("Content-Type", "text/plain; charset=utf-8"), ("Content-MD5", "rL0Y20zC+Fzt72VPzMSk2A==")],
    [("Date", "set by the signer")],
]
SERVICE_PATHS = [
    "/", "/endpoints/e-1/invocations", "/endpoints/a%20b/invocations", "/model/arn%3Aaws%3Abedrock%3A%3Amodel%2Fx/invoke", "/a//b", "/a/./b/../c/",
    "/~x/%7Ey", "/a%2520b", "/%C3%BC", "/a/b/", "/a+b", "/!'()*",
]
SERVICE_QUERIES = ["", "b=2&a=1&a=0", "x=a%2Bb%20c", "empty", "k=%E2%82%AC&K=1"]
BODY = "a body\n"


def vector(auth, name, url, *, method="GET", headers=(), body="", token=False):
    credentials = Credentials(KEYS["accessKeyId"], KEYS["secretAccessKey"], KEYS["sessionToken"] if token else None)
    request = AWSRequest(method=method, url=url, data=body.encode() or None)
    for header, value in headers:
        request.headers.add_header(header, value)
    auth(credentials).add_auth(request)
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = [[header, value] for header, value in request.headers.items() if not (auth is V2_QUERY and header == "Date")]
    if "host" not in {header.lower() for header, _ in sent}:
        sent.insert(0, ["host", parts.netloc])
    return {"name": name, "method": method, "target": target, "headers": sent, "body": body, "token": token}


def s3(credentials):
    return S3SigV4Auth(credentials, "s3", REGION)


def s3_query(credentials):
    return S3SigV4QueryAuth(credentials, "s3", REGION, expires=900)


def V2_QUERY(credentials):
    return HmacV1QueryAuth(credentials, expires=900)


def service(signing_name):
    return lambda credentials: SigV4Auth(credentials, signing_name, REGION)


def vectors():
    for key in OBJECT_KEYS:
        url = f"{ORIGIN}/bucket/{quote(key, safe='/~')}"
        yield vector(s3, f"S3 header, key {key!r}", url)
        yield vector(s3_query, f"S3 presigned, key {key!r}", url)
        yield vector(V2_QUERY, f"S3 old presigned, key {key!r}", url)
    for query in OBJECT_QUERIES:
        url = f"{ORIGIN}/bucket/key?{query}"
        yield vector(s3, f"S3 header, query {query}", url)
        yield vector(s3_query, f"S3 presigned, query {query}", url)
        yield vector(V2_QUERY, f"S3 old presigned, query {query}", url)
    for headers in HEADER_LISTS:
        name = ", ".join(f"{header}: {value}" for header, value in headers)
        yield vector(s3, f"S3 header, {name}", f"{ORIGIN}/bucket/key", method="PUT", headers=headers, body=BODY, token=True)
        yield vector(service("sagemaker"), f"sagemaker header, {name}", ORIGIN + "/", method="POST", headers=headers, body=BODY)
        if headers[0][0] != "Date":
            yield vector(s3_query, f"S3 presigned, {name}", f"{ORIGIN}/bucket/key", method="PUT", headers=headers, token=True)
        # Of a repeated header, botocore's old signer covers all values and sends the first.
        if headers[0][0] != "Date" and len({header for header, _ in headers}) == len(headers):
            yield vector(V2_QUERY, f"S3 old presigned, {name}", f"{ORIGIN}/bucket/key", method="PUT", headers=headers, token=True)
    for path in SERVICE_PATHS:
        yield vector(service("bedrock"), f"bedrock header, path {path}", ORIGIN + path, method="POST", body=BODY)
    for query in SERVICE_QUERIES:
        yield vector(service("sts"), f"sts header, query {query!r}", f"{ORIGIN}/?{query}", token=True)
        sts_query = lambda credentials: SigV4QueryAuth(credentials, "sts", REGION, expires=60)
        yield vector(sts_query, f"sts presigned, query {query!r}", f"{ORIGIN}/?{query}", token=True)


def main():
    with mock.patch("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None)), mock.patch(
        "time.time", lambda: NOW.timestamp()
    ):
        document = {"botocore": botocore.__version__, "now": NOW.isoformat(), **KEYS, "vectors": list(vectors())}
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in document.pop("vectors"))
    head = json.dumps(document, ensure_ascii=False).removesuffix("}")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(f'{head}, "vectors": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
