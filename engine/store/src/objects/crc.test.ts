import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { type CrcAlgorithm, combineCrc, createCrc32c, createCrc64Nvme, type RunningCheck } from "./crc.ts";

function createCrc32(): RunningCheck {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: () => Buffer.from(value.toString(16).padStart(8, "0"), "hex"),
  };
}

const CHECKS: Record<CrcAlgorithm, () => RunningCheck> = {
  CRC32: createCrc32,
  CRC32C: createCrc32c,
  CRC64NVME: createCrc64Nvme,
};

function checkOf(create: () => RunningCheck, ...chunks: Uint8Array[]): string {
  const check = create();
  for (const chunk of chunks) check.update(chunk);
  return check.digest().toString("hex");
}

describe("crc", () => {
  test("gives the check values of the catalogue of parametrised CRC algorithms", () => {
    const digits = Buffer.from("123456789");
    assert.equal(checkOf(createCrc32c, digits), "e3069283");
    assert.equal(checkOf(createCrc64Nvme, digits), "ae8b14860a799888");
    assert.equal(checkOf(createCrc32c), "00000000");
    assert.equal(checkOf(createCrc64Nvme), "0000000000000000");
  });

  for (const [algorithm, create] of Object.entries(CHECKS) as [CrcAlgorithm, () => RunningCheck][]) {
    test(`${algorithm} does not depend on how the bytes are cut, and combines`, () => {
      for (const [firstLength, secondLength] of [
        [0, 0],
        [1, 0],
        [0, 9],
        [3, 8],
        [1000, 4097],
      ] as const) {
        const first = randomBytes(firstLength);
        const second = randomBytes(secondLength);
        const whole = checkOf(create, Buffer.concat([first, second]));
        assert.equal(checkOf(create, first, second), whole);
        const combined = combineCrc(
          algorithm,
          Buffer.from(checkOf(create, first), "hex"),
          Buffer.from(checkOf(create, second), "hex"),
          secondLength,
        );
        assert.equal(combined.toString("hex"), whole);
      }
    });
  }
});
