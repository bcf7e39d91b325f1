import type { FeatureRow } from "../feature-rows.ts";
import { quoted } from "../table-file.ts";

/** What is said of one instance; the caller knows where it stands. */
export class InstanceError extends Error {
  override readonly name = "InstanceError";
}

const FORMS = '{"features": [1, 2]}, {"data": {"features": {"values": [1], "keys": [3], "shape": [5]}}} or [1, 2]';

/**
 * One instance of a JSON request or line, in the forms of "Common Data Formats for Inference": `{"features": [1, 2]}`,
 * `{"data": {"features": {"values": […], "keys": […], "shape": [n]}}}` (sparse when it has keys) or simply `[1, 2]`. null and "NaN" are missing values.
 * Throws InstanceError.
 */
export function parseInstance(instance: unknown): FeatureRow {
  if (Array.isArray(instance)) return { values: parseNumbers(instance) };
  const { features, data } = asObject(instance);
  if (Array.isArray(features)) return { values: parseNumbers(features) };
  const inner = data === undefined ? undefined : asObject(data)["features"];
  if (Array.isArray(inner)) return { values: parseNumbers(inner) };
  if (inner === undefined) throw wrongForm(instance);
  const { values, keys, shape } = asObject(inner);
  if (!Array.isArray(values)) throw wrongForm(instance);
  const width = Array.isArray(shape) ? shape.at(-1) : undefined;
  if (width !== undefined && typeof width !== "number") throw new InstanceError(`the shape is no list of numbers.`);
  if (keys === undefined) return { values: parseNumbers(values) };
  if (!Array.isArray(keys)) throw wrongForm(instance);
  return { values: parseNumbers(values), columns: parseNumbers(keys), width };
}

/** A number; null and "NaN" are NaN. Throws InstanceError. */
export function parseJsonNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === null || value === "NaN") return Number.NaN;
  throw new InstanceError(`${quoted(JSON.stringify(value))} is not a number.`);
}

/** An object of JSON, no list. Throws InstanceError. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrongForm(value);
}

function parseNumbers(values: readonly unknown[]): readonly number[] {
  return values.every((value) => typeof value === "number") ? values : values.map(parseJsonNumber);
}

function wrongForm(instance: unknown): InstanceError {
  return new InstanceError(`${quoted(JSON.stringify(instance) ?? "nothing")} is not of the form ${FORMS}.`);
}
