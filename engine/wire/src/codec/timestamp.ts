import type { TimestampShape } from "../shape.ts";
import { serializationError } from "./serialization-error.ts";

type Format = NonNullable<TimestampShape["format"]>;

const dateTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
const epoch = /^-?\d{1,15}(\.\d+)?$/;

/** A timestamp in any form that AWS's clients send: date-time, HTTP date, seconds since 1970, or those under a CBOR tag. Throws SerializationException. */
export function readTimestamp(value: unknown): Date {
  const date = toDate(value);
  if (Number.isNaN(date.getTime()))
    throw serializationError(`Unable to parse date-time value '${String(value).slice(0, 64)}'`);
  return date;
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  if (typeof value === "number") return new Date(Math.round(value * 1000));
  if (typeof value === "object" && value !== null && "tag" in value && "value" in value)
    return toDate(Number(value.value));
  if (typeof value !== "string") return new Date(Number.NaN);
  if (epoch.test(value)) return new Date(Math.round(Number(value) * 1000));
  if (dateTime.test(value))
    return new Date(/T.*(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}${value.length > 10 ? "Z" : ""}`);
  return /^[A-Z][a-z]{2,8}, /.test(value) ? new Date(value) : new Date(Number.NaN);
}

/** Writes a timestamp; milliseconds are kept where the form has them. */
export function writeTimestamp(date: Date, format: Format): string | number {
  if (format === "epoch-seconds") return date.getTime() / 1000;
  return format === "http-date" ? date.toUTCString() : date.toISOString().replace(".000Z", "Z");
}
