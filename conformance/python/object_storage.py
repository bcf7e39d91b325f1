"""S3 as boto3 uses it: addressing styles, presigned URLs of both signature versions, checksums, conditions, copies, pages, odd keys, refusals."""

import base64
import hashlib
import os
import time
import urllib.error
import urllib.request
import uuid
import zlib

import boto3
from botocore.client import Config

from outcome import finish, raises, step

run = uuid.uuid4().hex[:8]
bucket = f"objects-{run}"
s3 = boto3.client("s3")
odd_keys = ["a/../b", "a//b", "/lead", "tail/", "..", ".", "ünïcode/💡", "per%2Fcent", "plus+and space", "quote'\"<>&", "new\nline", "x" * 1024]


def fetch(url, method="GET", body=None, headers=None):
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


with step("buckets: made, found, located, taken"):
    s3.create_bucket(Bucket=bucket)
    assert s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    raises(s3, "404", s3.head_bucket, Bucket=f"absent-{run}")
    raises(s3, "InvalidBucketName", boto3.client("s3", config=Config(parameter_validation=False)).create_bucket, Bucket="Upper_Case")

with step("odd keys are data, never paths"):
    for key in odd_keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in odd_keys:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode(), key
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == sorted(odd_keys, key=lambda key: key.encode()), listed

with step("metadata and content headers come back as they went"):
    s3.put_object(
        Bucket=bucket, Key="headers", Body=b"x", ContentType="text/csv", CacheControl="no-cache", ContentDisposition="attachment; filename=a.csv",
        ContentEncoding="identity", ContentLanguage="en", Metadata={"owner": "ann  b", "number": "7"}, Tagging="team=ml&stage=test",
    )
    head = s3.head_object(Bucket=bucket, Key="headers")
    assert head["ContentType"] == "text/csv" and head["CacheControl"] == "no-cache" and head["ContentLanguage"] == "en", head
    assert head["Metadata"] == {"owner": "ann  b", "number": "7"} or head["Metadata"] == {"owner": "ann b", "number": "7"}, head["Metadata"]
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=bucket, Key="headers")["TagSet"]}
    assert tags == {"team": "ml", "stage": "test"}, tags

with step("checksums are verified and returned"):
    body = os.urandom(300_000)
    crc = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    s3.put_object(Bucket=bucket, Key="sum", Body=body, ChecksumCRC32=crc)
    assert s3.head_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")["ChecksumCRC32"] == crc
    sha = base64.b64encode(hashlib.sha256(body).digest()).decode()
    s3.put_object(Bucket=bucket, Key="sum", Body=body, ChecksumAlgorithm="SHA256")
    assert s3.get_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")["ChecksumSHA256"] == sha
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        s3.put_object(Bucket=bucket, Key=f"sum-{algorithm}", Body=body, ChecksumAlgorithm=algorithm)
        assert s3.get_object(Bucket=bucket, Key=f"sum-{algorithm}", ChecksumMode="ENABLED")["Body"].read() == body
    raises(s3, "BadDigest", s3.put_object, Bucket=bucket, Key="bad", Body=b"x", ContentMD5=base64.b64encode(bytes(16)).decode())
    raises(s3, "404", s3.head_object, Bucket=bucket, Key="bad")

with step("ranges and conditions"):
    s3.put_object(Bucket=bucket, Key="range", Body=b"0123456789")
    part = s3.get_object(Bucket=bucket, Key="range", Range="bytes=2-4")
    assert part["Body"].read() == b"234" and part["ContentRange"] == "bytes 2-4/10" and part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert s3.get_object(Bucket=bucket, Key="range", Range="bytes=-3")["Body"].read() == b"789"
    raises(s3, "InvalidRange", s3.get_object, Bucket=bucket, Key="range", Range="bytes=20-30")
    etag = s3.head_object(Bucket=bucket, Key="range")["ETag"]
    assert etag == f'"{hashlib.md5(b"0123456789").hexdigest()}"'
    raises(s3, "304", s3.get_object, Bucket=bucket, Key="range", IfNoneMatch=etag)
    raises(s3, "PreconditionFailed", s3.get_object, Bucket=bucket, Key="range", IfMatch='"other"')
    raises(s3, "PreconditionFailed", s3.put_object, Bucket=bucket, Key="range", Body=b"y", IfNoneMatch="*")
    s3.put_object(Bucket=bucket, Key="range", Body=b"new", IfMatch=etag)
    assert s3.get_object(Bucket=bucket, Key="range")["Body"].read() == b"new"

with step("copies, onto another key and onto itself with new metadata"):
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "ünïcode/💡"})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read().decode() == "ünïcode/💡"
    raises(s3, "InvalidRequest", s3.copy_object, Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "copy"})
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "copy"}, MetadataDirective="REPLACE", Metadata={"a": "b"})
    assert s3.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"a": "b"}

with step("pages, prefixes and delimiters"):
    for index in range(25):
        s3.put_object(Bucket=bucket, Key=f"pages/{index % 5}/{index:02d}", Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="pages/", PaginationConfig={"PageSize": 4})
    assert len([entry for page in pages for entry in page.get("Contents", [])]) == 25
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="pages/", Delimiter="/")
    assert [entry["Prefix"] for entry in listed["CommonPrefixes"]] == [f"pages/{index}/" for index in range(5)] and listed["KeyCount"] == 5
    first = s3.list_objects(Bucket=bucket, Prefix="pages/", MaxKeys=3, Delimiter="/")
    assert first["IsTruncated"] and first["NextMarker"] == "pages/2/", first
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": f"pages/{index % 5}/{index:02d}"} for index in range(25)]})
    assert len(deleted["Deleted"]) == 25 and "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix="pages/")

with step("presigned URLs of both signature versions"):
    for version in ("s3", "s3v4"):
        signer = boto3.client("s3", config=Config(signature_version=version, s3={"addressing_style": "path"}))
        put = signer.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": f"signed {version}"}, ExpiresIn=60)
        assert fetch(put, "PUT", b"by url", {"Content-Type": ""})[0] == 200, version
        get = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": f"signed {version}", "ResponseContentType": "text/x"}, ExpiresIn=60)
        status, body, headers = fetch(get)
        assert (status, body, headers["Content-Type"]) == (200, b"by url", "text/x"), (version, status, body)
        assert fetch(get.replace("signed", "other"))[0] == 403
        old = signer.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": f"signed {version}"}, ExpiresIn=1)
        time.sleep(2.1)
        status, body, _ = fetch(old)
        assert status == 403 and b"AccessDenied" in body, (version, status, body)

with step("multipart uploads: parts are listed, replaced, completed in order, or aborted"):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", ContentType="text/x", Metadata={"a": "b"})["UploadId"]
    chunks = [os.urandom(5 * 2**20), os.urandom(5 * 2**20), b"tail"]
    s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"to be replaced")
    etags = [s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=n + 1, Body=chunk)["ETag"] for n, chunk in enumerate(chunks)]
    assert [part["PartNumber"] for part in s3.list_parts(Bucket=bucket, Key="parts", UploadId=upload)["Parts"]] == [1, 2, 3]
    assert [entry["UploadId"] for entry in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    parts = [{"PartNumber": n + 1, "ETag": etag} for n, etag in enumerate(etags)]
    complete = {"Bucket": bucket, "Key": "parts", "UploadId": upload}
    raises(s3, "InvalidPartOrder", s3.complete_multipart_upload, **complete, MultipartUpload={"Parts": parts[::-1]})
    raises(s3, "InvalidPart", s3.complete_multipart_upload, **complete, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"no"'}]})
    s3.complete_multipart_upload(**complete, MultipartUpload={"Parts": parts})
    found = s3.get_object(Bucket=bucket, Key="parts")
    assert found["Body"].read() == b"".join(chunks) and found["ContentType"] == "text/x" and found["Metadata"] == {"a": "b"}
    digest = hashlib.md5(b"".join(hashlib.md5(chunk).digest() for chunk in chunks)).hexdigest()
    assert found["ETag"] == f'"{digest}-3"'
    middle = s3.get_object(Bucket=bucket, Key="parts", Range=f"bytes={5 * 2**20 - 2}-{5 * 2**20 + 1}")["Body"].read()
    assert middle == chunks[0][-2:] + chunks[1][:2]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload)
    raises(s3, "NoSuchUpload", s3.upload_part, Bucket=bucket, Key="parts", UploadId=upload, PartNumber=2, Body=b"x")

with step("wrong keys are refused as AWS refuses them"):
    credentials = boto3.Session().get_credentials()
    stranger = boto3.client("s3", aws_access_key_id="AKIAUNKNOWN000000000", aws_secret_access_key="x")
    raises(stranger, "InvalidAccessKeyId", stranger.get_object, Bucket=bucket, Key="range")
    forger = boto3.client("s3", aws_access_key_id=credentials.access_key, aws_secret_access_key="wrong")
    raises(forger, "SignatureDoesNotMatch", forger.get_object, Bucket=bucket, Key="range")
    forger = boto3.client("sagemaker", aws_access_key_id=credentials.access_key, aws_secret_access_key="wrong")
    raises(forger, "InvalidSignatureException", forger.list_training_jobs)
    stranger = boto3.client("sts", aws_access_key_id="AKIAUNKNOWN000000000", aws_secret_access_key="x")
    raises(stranger, "InvalidClientTokenId", stranger.get_caller_identity)

with step("temporary credentials of an assumed role work, and only with their token"):
    identity = boto3.client("sts").get_caller_identity()
    iam = boto3.client("iam")
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    role = iam.create_role(RoleName=f"role-{run}", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    assert role == f"arn:aws:iam::{identity['Account']}:role/role-{run}"
    temporary = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    keys = {"aws_access_key_id": temporary["AccessKeyId"], "aws_secret_access_key": temporary["SecretAccessKey"]}
    assumed = boto3.client("sts", **keys, aws_session_token=temporary["SessionToken"]).get_caller_identity()["Arn"]
    assert assumed == f"arn:aws:sts::{identity['Account']}:assumed-role/role-{run}/test", assumed
    without = boto3.client("sts", **keys, aws_session_token="wrong")
    raises(without, "InvalidClientTokenId", without.get_caller_identity)
    iam.delete_role(RoleName=f"role-{run}")

with step("operations that we lack say so"):
    answer = raises(s3, "NotImplemented", s3.get_bucket_accelerate_configuration, Bucket=bucket)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501 and "GetBucketAccelerateConfiguration" in answer["Error"]["Message"], answer
    sagemaker = boto3.client("sagemaker")
    answer = raises(sagemaker, "UnknownOperationException", sagemaker.list_clusters)
    assert "ListClusters" in answer["Error"]["Message"] and "docs/operations.md" in answer["Error"]["Message"], answer

with step("the bucket goes only when it is empty"):
    raises(s3, "BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
    boto3.resource("s3").Bucket(bucket).objects.all().delete()
    s3.delete_bucket(Bucket=bucket)

finish()
