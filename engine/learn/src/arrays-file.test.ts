import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeArrays, encodeArrays } from "./arrays-file.ts";

const header = { format: "example/1", bias: 0.5 };
const arrays = { weights: Float64Array.of(1.5, -2), factors: Float32Array.of(3, 4, 5) };
const bytes = Buffer.concat([...encodeArrays(header, arrays)]);
const decode = (file: Buffer, format = "example/1") =>
  decodeArrays({ chunks: [file.subarray(0, 10), file.subarray(10)], byteLength: file.length }, format);

describe("arrays file", () => {
  test("one line of JSON, then the numbers", () => {
    const line = bytes.subarray(0, bytes.indexOf("\n")).toString();
    assert.deepEqual(JSON.parse(line), {
      ...header,
      arrays: [
        { name: "weights", type: "float64", length: 2 },
        { name: "factors", type: "float32", length: 3 },
      ],
    });
    assert.equal(bytes.length, line.length + 1 + 2 * 8 + 3 * 4);
  });

  test("read back as it was written", async () => {
    const file = await decode(bytes);
    assert.equal(file.header["bias"], 0.5);
    assert.deepEqual(file.take("weights", Float64Array, 2), arrays.weights);
    assert.deepEqual(file.take("factors", Float32Array, 3), arrays.factors);
  });

  test("another format, length or type, and bytes too few or too many, are refused", async () => {
    await assert.rejects(decode(bytes, "example/2"), { name: "FormatError", message: /format example\/2/ });
    for (const damaged of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), Buffer.from("{}\n")]) {
      await assert.rejects(decode(damaged), { name: "FormatError" });
    }
    const file = await decode(bytes);
    assert.throws(() => file.take("weights", Float64Array, 3), /no array weights of 3 numbers of type float64/);
    assert.throws(() => file.take("weights", Float32Array, 2), { name: "FormatError" });
    assert.throws(() => file.take("biases", Float32Array, 0), { name: "FormatError" });
  });
});
