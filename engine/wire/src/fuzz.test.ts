import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { cbor } from "@smithy/core/cbor";
import { checkCborNesting } from "./codec/cbor-nesting.ts";
import { readJson } from "./codec/json.ts";
import { parseXml, type XmlElement } from "./codec/parse-xml.ts";
import { readParameters } from "./codec/query-parameters.ts";
import { escapeXml } from "./codec/write-xml.ts";
import { AwsError } from "./error.ts";
import { readQuery } from "./percent-encoding.ts";
import { readForm } from "./protocols/query-form.ts";
import { awsChunkedDecoder } from "./sigv4/aws-chunked.ts";

/** xorshift32: the same sequence in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Bytes changed, removed, doubled and inserted at random places. */
function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let result = Buffer.from(bytes);
  for (let i = random(4); i >= 0; i--) {
    const at = random(result.length + 1);
    const rest = result.subarray(at + random(3));
    result = Buffer.concat([
      result.subarray(0, at),
      Buffer.from(Array.from({ length: random(4) }, () => random(256))),
      rest,
    ]);
  }
  return result;
}

function onlyAwsErrors(label: string, sample: Buffer, parse: (bytes: Buffer) => unknown): void {
  const random = randomFrom(2_463_534_242);
  for (let round = 0; round < 3000; round++) {
    const bytes = mutate(sample, random);
    try {
      parse(bytes);
    } catch (error) {
      assert.ok(error instanceof AwsError, `${label}: ${bytes.toString("hex")}: ${error}`);
    }
  }
}

test("parsers of bodies fail with AWS's errors and nothing else", () => {
  const xml = `<?xml version="1.0"?><!-- c --><Delete xmlns="x"><Object a='1'><Key>a&amp;&#x41;<![CDATA[<b>]]></Key></Object><Quiet/></Delete>`;
  onlyAwsErrors("XML", Buffer.from(xml), (bytes) => parseXml(bytes.toString("utf8"), 32));
  onlyAwsErrors("JSON", Buffer.from('{"a":[1,{"b":"c\\"\\\\"}],"d":null}'), (bytes) =>
    readJson({ kind: "document" }, bytes, 32),
  );
  onlyAwsErrors("query", Buffer.from("Action=A&Tags.member.1.Key=%C3%A4&x"), (bytes) =>
    readQuery(bytes.toString("latin1")),
  );
});

test("the CBOR check accepts only what the decoder can decode", () => {
  const sample = Buffer.from(
    cbor.serialize({ a: [1, 2.5, "text", true, null], b: { c: new Uint8Array([1, 2]), d: -7 } }),
  );
  checkCborNesting(sample, 32);
  onlyAwsErrors("CBOR", sample, (bytes) => checkCborNesting(bytes, 32));
  assert.throws(() => checkCborNesting(Buffer.alloc(100, 0x81), 32), /nested deeper/);
});

test("XML that is written is read again as it was", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 500; round++) {
    const text = String.fromCharCode(...Array.from({ length: 12 }, () => random(0xd7ff)));
    const element: XmlElement = parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`, 4);
    assert.deepEqual([element.text, element.attributes["b"]], [text, text]);
  }
});

test("nested XML, document types and unknown entities are refused", () => {
  for (const source of [
    "<a>".repeat(100) + "</a>".repeat(100),
    "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    "<a>&e;</a>",
    "<a>",
    "</a>",
    "<a></b>",
    "a",
    "",
    "<a/><b/>",
  ]) {
    assert.throws(() => parseXml(source, 32), { code: "MalformedXML" }, source.slice(0, 40));
  }
});

test("bodies of more values than any request has are refused before they become objects", () => {
  const many = 1_100_000;
  assert.throws(() => readJson({ kind: "document" }, Buffer.from(`[${"{},".repeat(many)}{}]`), 32), {
    code: "SerializationException",
  });
  assert.throws(() => checkCborNesting(Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(many, 0xa0)]), 32), {
    code: "SerializationException",
  });
  assert.throws(() => parseXml(`<a>${"<b/>".repeat(many)}</a>`, 32), { code: "MalformedXML" });
  const shape = {
    kind: "structure",
    name: "A",
    isUnion: false,
    traits: {},
    members: [],
    member: () => undefined,
  } as const;
  const pairs = Array.from({ length: many }, () => ({ name: "a", value: "" }));
  assert.throws(() => readParameters(shape, pairs, 32), { code: "SerializationException" });
  assert.throws(() => readForm([], Buffer.alloc(5 << 20, "&")), { code: "RequestEntityTooLargeException" });
});

test("chunks are decoded alike however they are cut", async () => {
  const random = randomFrom(99);
  const body = Buffer.from("5\r\nhello\r\n3\r\n\r\n\n\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n");
  for (let round = 0; round < 200; round++) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < body.length; ) {
      const end = at + 1 + random(6);
      pieces.push(body.subarray(at, end));
      at = end;
    }
    const decoder = awsChunkedDecoder({
      caller: { accountId: "", region: "", accessKeyId: "", arn: "" },
      payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    });
    const decoded = Buffer.concat(await Readable.from(pieces).pipe(decoder).toArray());
    assert.equal(decoded.toString(), "hello\r\n\n");
    assert.deepEqual(decoder.trailers, { "x-amz-checksum-crc32": "AAAA" });
  }
});
