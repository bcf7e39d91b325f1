import assert from "node:assert/strict";
import { test } from "node:test";
import { strideOf } from "@rondo/kernels";
import { ease } from "./ease.ts";
import { implicitAls } from "./implicit-als.ts";
import { encodeStoredModel } from "./model-file.ts";

const weighting = { historyValues: "binary", halfLifeItems: 0, halfLifeDays: 0 };
const factors = { items: 1, factors: 1, alpha: 1, regularization: 1, exponent: 0, width: 1, mean: 1, ...weighting };
const arraysOfFactors = { itemFactors: new Float32Array(strideOf(1)).fill(1, 0, 1), popularity: Float32Array.of(1) };
const weights = {
  starts: Uint32Array.of(0, 1),
  columnIndexes: Uint32Array.of(0),
  values: Float32Array.of(1),
  popularity: Float32Array.of(1),
};

function fileOf(kind: string, fields: object, arrays: Parameters<typeof encodeStoredModel>[0]["arrays"]) {
  const bytes = Buffer.concat([...encodeStoredModel({ kind, fields: { ...fields }, arrays })]);
  return { chunks: [bytes], byteLength: bytes.length };
}

test("a model's file is read where every field is as training writes it", async () => {
  await implicitAls.decode(fileOf("implicit-als", factors, arraysOfFactors));
  await ease.decode(fileOf("ease", { items: 1, ...weighting }, weights));
});

for (const change of [
  { mean: 0 },
  { regularization: 0 },
  { alpha: -1 },
  { historyValues: "twice" },
  { halfLifeDays: -1 },
]) {
  test(`a file with ${JSON.stringify(change)} is refused by the field's name`, async () => {
    const decoding = implicitAls.decode(fileOf("implicit-als", { ...factors, ...change }, arraysOfFactors));
    await assert.rejects(decoding, { name: "FormatError", message: new RegExp(Object.keys(change)[0] ?? "") });
  });
}

test("arrays of other lengths, indexes beyond the items and numbers that are none are refused", async () => {
  for (const change of [
    { starts: Uint32Array.of(0, 2) },
    { starts: Uint32Array.of(1, 0) },
    { columnIndexes: Uint32Array.of(1) },
    { values: Float32Array.of(Number.NaN) },
    { popularity: new Float32Array(2) },
  ]) {
    const decoding = ease.decode(fileOf("ease", { items: 1, ...weighting }, { ...weights, ...change }));
    await assert.rejects(decoding, { name: "FormatError", message: /is damaged/ });
  }
});
