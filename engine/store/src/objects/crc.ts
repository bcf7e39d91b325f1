/**
 * Cyclic redundancy checks of S3 that Node does not have: CRC-32C (Castagnoli) and CRC-64/NVME, table-driven eight bytes at a time
 * ("slicing-by-8", Kounavis and Berry 2005), and the combination of two checks into that of the concatenation (Adler, zlib's crc32_combine).
 * All are reflected, start at all ones and end inverted.
 */

/** A running check: feed bytes, then read the value as big-endian bytes. */
export interface RunningCheck {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

const CRC32_POLYNOMIAL = 0xedb88320n;
const CRC32C_POLYNOMIAL = 0x82f63b78n;
const CRC64_NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

/** Width in bits and reflected polynomial. */
const CODES = {
  CRC32: { width: 32n, polynomial: CRC32_POLYNOMIAL },
  CRC32C: { width: 32n, polynomial: CRC32C_POLYNOMIAL },
  CRC64NVME: { width: 64n, polynomial: CRC64_NVME_POLYNOMIAL },
} as const;

/** The algorithms whose values can be combined. */
export type CrcAlgorithm = keyof typeof CODES;

/** Tables 0–7, 256 entries each, one after the other; table k is the check of a byte followed by k zero bytes. */
interface SlicingTables {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

function buildTables(polynomial: bigint): SlicingTables {
  const low = new Uint32Array(8 * 256);
  const high = new Uint32Array(8 * 256);
  const table: bigint[] = [];
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    table.push(value);
  }
  for (let byte = 0; byte < 256; byte++) {
    let value = table[byte] as bigint;
    for (let slice = 0; slice < 8; slice++) {
      low[slice * 256 + byte] = Number(value & 0xffffffffn);
      high[slice * 256 + byte] = Number(value >> 32n);
      value = (value >> 8n) ^ (table[Number(value & 0xffn)] as bigint);
    }
  }
  return { low, high };
}

/** Built at the first use (some milliseconds each). */
function tablesOf(polynomial: bigint): () => SlicingTables {
  let tables: SlicingTables | undefined;
  return () => (tables ??= buildTables(polynomial));
}

const crc32cTables = tablesOf(CRC32C_POLYNOMIAL);
const crc64NvmeTables = tablesOf(CRC64_NVME_POLYNOMIAL);

/** CRC-32C (RFC 3720, appendix B.4). */
export function createCrc32c(): RunningCheck {
  const table = crc32cTables().low;
  let crc = 0xffffffff;
  return {
    update(bytes) {
      crc = updateCrc32c(table, crc, bytes);
    },
    digest() {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(~crc >>> 0);
      return value;
    },
  };
}

function updateCrc32c(table: Uint32Array, start: number, b: Uint8Array): number {
  const whole = b.length - (b.length % 8);
  let crc = start;
  let at = 0;
  for (; at < whole; at += 8) {
    const first = crc ^ (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24));
    crc =
      table[1792 + (first & 255)]! ^
      table[1536 + ((first >>> 8) & 255)]! ^
      table[1280 + ((first >>> 16) & 255)]! ^
      table[1024 + (first >>> 24)]! ^
      table[768 + b[at + 4]!]! ^
      table[512 + b[at + 5]!]! ^
      table[256 + b[at + 6]!]! ^
      table[b[at + 7]!]!;
  }
  for (; at < b.length; at++) crc = (crc >>> 8) ^ table[(crc ^ b[at]!) & 255]!;
  return crc;
}

/** CRC-64/NVME (NVM Express NVM Command Set Specification 1.0d, section 5.2.1.3.4), S3's default. */
export function createCrc64Nvme(): RunningCheck {
  const tables = crc64NvmeTables();
  const state = new Uint32Array([0xffffffff, 0xffffffff]);
  return {
    update(bytes) {
      updateCrc64(tables, state, bytes);
    },
    digest() {
      const value = Buffer.alloc(8);
      value.writeUInt32BE(~(state[1] as number) >>> 0, 0);
      value.writeUInt32BE(~(state[0] as number) >>> 0, 4);
      return value;
    },
  };
}

/** `state` holds the low and the high half of the running value. */
function updateCrc64(tables: SlicingTables, state: Uint32Array, b: Uint8Array): void {
  const { low, high } = tables;
  const whole = b.length - (b.length % 8);
  let lo = state[0]! | 0;
  let hi = state[1]! | 0;
  let at = 0;
  for (; at < whole; at += 8) {
    const x = lo ^ (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24));
    const y = hi ^ (b[at + 4]! | (b[at + 5]! << 8) | (b[at + 6]! << 16) | (b[at + 7]! << 24));
    const i0 = 1792 + (x & 255);
    const i1 = 1536 + ((x >>> 8) & 255);
    const i2 = 1280 + ((x >>> 16) & 255);
    const i3 = 1024 + (x >>> 24);
    const i4 = 768 + (y & 255);
    const i5 = 512 + ((y >>> 8) & 255);
    const i6 = 256 + ((y >>> 16) & 255);
    const i7 = y >>> 24;
    lo = low[i0]! ^ low[i1]! ^ low[i2]! ^ low[i3]! ^ low[i4]! ^ low[i5]! ^ low[i6]! ^ low[i7]!;
    hi = high[i0]! ^ high[i1]! ^ high[i2]! ^ high[i3]! ^ high[i4]! ^ high[i5]! ^ high[i6]! ^ high[i7]!;
  }
  for (; at < b.length; at++) {
    const index = (lo ^ b[at]!) & 255;
    lo = ((lo >>> 8) | (hi << 24)) ^ low[index]!;
    hi = (hi >>> 8) ^ high[index]!;
  }
  state[0] = lo;
  state[1] = hi;
}

/** The check of `first` followed by `second`, whose length is given in bytes, from the checks of both. */
export function combineCrc(algorithm: CrcAlgorithm, first: Buffer, second: Buffer, secondLength: number): Buffer {
  const { width, polynomial } = CODES[algorithm];
  const topBit = 1n << (width - 1n);
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    let factor = b;
    for (let bit = topBit; bit > 0n; bit >>= 1n) {
      if (a & bit) product ^= factor;
      factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
    }
    return product;
  };
  // x^(8 · length) modulo the polynomial by repeated squaring; in the reflected form the top bit is x^0.
  let shift = topBit;
  let power = topBit >> 8n;
  for (let length = secondLength; length > 0; length = Math.floor(length / 2)) {
    if (length % 2 === 1) shift = multiply(power, shift);
    power = multiply(power, power);
  }
  const combined = multiply(shift, BigInt(`0x${first.toString("hex")}`)) ^ BigInt(`0x${second.toString("hex")}`);
  return Buffer.from(combined.toString(16).padStart(Number(width) / 4, "0"), "hex");
}
