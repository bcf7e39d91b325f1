import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError, encodeRecord, type Matrix, toDense } from "@rondo/learn";
import type { InvocationResponse } from "../image.ts";
import { serveTabular, type TabularModel } from "./serve-tabular.ts";
import { tabularFormats } from "./tabular-type.ts";

/** Answers the sum of a row's two values, and the values. */
function createModel(options: Partial<TabularModel> = {}) {
  const slices: number[] = [];
  const model = serveTabular({
    columns: 2,
    formats: tabularFormats,
    sizeBytes: 1,
    predict(features: Matrix) {
      slices.push(features.rows);
      const { values } = toDense(features);
      return Array.from({ length: features.rows }, (_, row) => {
        const parts = values.slice(row * 2, row * 2 + 2);
        return { score: parts.reduce((sum, value) => sum + value), parts };
      });
    },
    ...options,
  });
  const invoke = (body: string | Uint8Array, contentType = "text/csv", accept = ""): InvocationResponse =>
    model.invoke({ body: Buffer.from(body), contentType, accept });
  return { model, slices, invoke };
}

const text = ({ body }: InvocationResponse): string => Buffer.from(body).toString();
const JSON_ANSWER = '{"predictions":[{"score":3,"parts":[1,2]},{"score":7,"parts":[3,4]}]}';

test("requests of every format get the same answer", () => {
  const { invoke } = createModel();
  const record = (values: number[]) => encodeRecord({ features: { values: { values } } });
  const requests: readonly (readonly [string, string | Uint8Array])[] = [
    ["text/csv", "1,2\n3,4"],
    ["text/csv; charset=utf-8", "1,2\n3,4\n"],
    ["text/libsvm", "0:1 1:2\n0:3 1:4"],
    ["text/x-libsvm", "1 0:1 1:2\n0 0:3 1:4"],
    ["application/json", '{"instances":[{"features":[1,2]},{"data":{"features":{"values":[3,4]}}}]}'],
  ];
  for (const [contentType, body] of requests) {
    const answer = invoke(body, contentType);
    assert.deepEqual([answer.status, answer.contentType, text(answer)], [200, "application/json", JSON_ANSWER]);
  }
  const lines = invoke("[1,2]\n[3,4]", "application/jsonlines");
  assert.equal(text(lines), '{"score":3,"parts":[1,2]}\n{"score":7,"parts":[3,4]}\n');
  const records = invoke(Buffer.concat([record([1, 2]), record([3, 4])]), "application/x-recordio-protobuf");
  assert.equal(records.contentType, "application/x-recordio-protobuf");
});

test("the Accept header decides over the request's type", () => {
  const { invoke } = createModel({ list: "scores" });
  const answer = (accept: string) => invoke("1,2\n3,4", "text/csv", accept);
  assert.equal(text(answer("text/csv")), "3,1,2\n7,3,4\n");
  assert.match(text(answer("application/json; verbose=true")), /^\{"scores":\[/);
  assert.equal(answer("*/*").contentType, "application/json");
  assert.equal(answer("text/html, application/jsonlines;q=0.5").contentType, "application/jsonlines");
  assert.equal(answer("text/html").status, 406);
});

test("RecordIO answers hold each member as a tensor of the label", () => {
  const { invoke } = createModel();
  const { body } = invoke("1,2", "text/csv", "application/x-recordio-protobuf");
  assert.deepEqual(body, encodeRecord({ label: { score: { values: [3] }, parts: { values: [1, 2] } } }));
});

test("what is wrong with a request is said with status 400 or 415", () => {
  const { invoke } = createModel({ formats: ["csv", "json"] });
  const wrong: readonly (readonly [string, string, number, RegExp])[] = [
    ["1,2", "text/html", 415, /Content type text\/html is not supported; supported are text\/csv, application\/json/],
    ["1,2", "text/libsvm", 415, /text\/libsvm/],
    ["1,2,3", "text/csv", 400, /3 columns of features, not 2/],
    ["1,x", "text/csv", 400, /The request, line 1, column 2: \\"x\\"/],
    ["", "text/csv", 400, /empty/],
    ["{", "application/json", 400, /not JSON/],
  ];
  for (const [body, contentType, status, message] of wrong) {
    const answer = invoke(body, contentType);
    assert.equal(answer.status, status);
    assert.match(text(answer), message);
  }
});

test("what the model refuses is the client's, what it breaks on is ours", () => {
  const refusing = createModel({
    predict: () => {
      throw new DataError("too wide");
    },
  });
  assert.deepEqual([refusing.invoke("1,2").status, text(refusing.invoke("1,2"))], [400, '{"error":"too wide"}']);
  const broken = createModel({
    predict: () => {
      throw new TypeError("x is undefined");
    },
  });
  assert.throws(() => broken.invoke("1,2"), TypeError);
});

test("large requests of every format are read and predicted in slices, and others have their turn meanwhile", async () => {
  const rows = 20_000;
  const record = encodeRecord({ features: { values: { values: [1, 2] } } });
  const bodies: readonly (readonly [string, Buffer])[] = [
    ["text/csv", Buffer.from("1.0000000000000000000,2\n".repeat(rows))],
    ["text/libsvm", Buffer.from("0:1.00000000000000000 1:2\n".repeat(rows))],
    ["application/json", Buffer.from(JSON.stringify(Array.from({ length: rows }, () => [1, 2])))],
    ["application/jsonlines", Buffer.from('{"features": [1, 2]}\n'.repeat(rows))],
    ["application/x-recordio-protobuf", Buffer.concat(Array.from({ length: rows }, () => record))],
  ];
  for (const [contentType, body] of bodies) {
    const { model, slices } = createModel({ rowsPerSlice: 1500 });
    let turns = 0;
    let next: NodeJS.Immediate | undefined;
    const takeTurn = (): void => {
      turns += 1;
      next = setImmediate(takeTurn);
    };
    takeTurn();
    const inSlices = await model.invokeInSlices({ body, contentType, accept: "application/jsonlines" });
    clearImmediate(next);
    assert.equal(text(inSlices), '{"score":3,"parts":[1,2]}\n'.repeat(rows), contentType);
    assert.deepEqual(slices, [...Array.from({ length: 13 }, () => 1500), 500]);
    assert.ok(turns > 14, `${contentType}: ${turns} turns`);
  }
});
