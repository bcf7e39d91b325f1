import type { ListShape, MapShape, Shape, StructureShape } from "../shape.ts";
import { serializationError, wrongType } from "./serialization-error.ts";
import { readTimestamp } from "./timestamp.ts";

/**
 * Reads a parsed JSON or CBOR value by a shape: unknown members are dropped as AWS drops them, nulls count as absent, and a value of
 * the wrong type throws SerializationException.
 */
export function readDocument(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "structure":
      return readStructure(shape, value);
    case "list":
      return readList(shape, value);
    case "map":
      return readMap(shape, value);
    case "string":
      if (typeof value !== "string") throw wrongType(value, "a String");
      return value;
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType(value, "a Number");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(value, "a Boolean");
      return value;
    case "timestamp":
      return readTimestamp(value);
    case "blob":
      return readBlob(value);
    case "bigInteger":
      if (typeof value !== "bigint" && !Number.isInteger(value)) throw wrongType(value, "a Long");
      return BigInt(value as number | bigint);
    default:
      return value;
  }
}

function readStructure(shape: StructureShape, value: unknown): Record<string, unknown> {
  const object = plainObject(value);
  const result: Record<string, unknown> = {};
  for (const { name, shape: memberShape } of shape.members) {
    const member = Object.hasOwn(object, name) ? object[name] : undefined;
    if (member !== undefined && member !== null) result[name] = readDocument(memberShape, member);
  }
  return result;
}

function readList({ element }: ListShape, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongType(value, "a List");
  return value.map((item: unknown) =>
    item === null || item === undefined ? undefined : readDocument(element.shape, item),
  );
}

function readMap({ value: { shape } }: MapShape, value: unknown): Record<string, unknown> {
  const entries = Object.entries(plainObject(value));
  return Object.fromEntries(
    entries
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, readDocument(shape, item)]),
  );
}

function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date)
    throw wrongType(value, "a Structure");
  if (Array.isArray(value)) throw serializationError("Start of list found where not expected");
  return value as Record<string, unknown>;
}

function readBlob(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") throw wrongType(value, "a Blob");
  return readBase64(value);
}

/** Decodes base64 strictly; node's own decoder skips what it does not understand. */
export function readBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throw serializationError("Failed to decode base64: the value has characters outside of its alphabet");
  return Buffer.from(text, "base64");
}

/** How the leaves of an answer are written; containers are the same in JSON and CBOR. */
export interface LeafWriter {
  readonly timestamp: (date: Date, shape: Extract<Shape, { kind: "timestamp" }>) => unknown;
  readonly blob: (bytes: Uint8Array) => unknown;
}

/** Turns a handler's output into a plain value by its shape; members that the shape lacks, nulls and NaN are left out. */
export function writeDocument(shape: Shape, value: unknown, leaf: LeafWriter): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.kind) {
    case "structure": {
      const result: Record<string, unknown> = {};
      for (const { name, shape: memberShape } of shape.members) {
        const member = writeDocument(memberShape, (value as Record<string, unknown>)[name], leaf);
        if (member !== undefined) result[name] = member;
      }
      return result;
    }
    case "list":
      return [...(value as Iterable<unknown>)]
        .map((item) => writeDocument(shape.element.shape, item, leaf))
        .filter((item) => item !== undefined);
    case "map":
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, item]) => [key, writeDocument(shape.value.shape, item, leaf)] as const)
          .filter(([, item]) => item !== undefined),
      );
    case "timestamp":
      return leaf.timestamp(value as Date, shape);
    case "blob":
      return leaf.blob(typeof value === "string" ? Buffer.from(value) : (value as Uint8Array));
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "bigInteger":
      return typeof value === "bigint" ? Number(value) : value;
    default:
      return value;
  }
}
