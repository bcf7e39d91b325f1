import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncodedModel } from "../algorithm.ts";
import { ParameterError, type ParameterTable } from "../parameters.ts";
import { outside } from "./outside.ts";
import { stopwatchFrom } from "./stopwatch-from.ts";

/** What the cases below need of an algorithm, whatever it learns from. */
interface FileFormat<Model> {
  encode(model: Model): Iterable<Uint8Array>;
  decode(file: EncodedModel): Promise<Model>;
}

const PIECE_BYTES = 7;

/** Encodes, decodes from small pieces, and encodes again; returns what was decoded. */
export async function throughItsFile<Model>(format: FileFormat<Model>, model: Model): Promise<Model> {
  const bytes = Buffer.concat([...format.encode(model)]);
  const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, piece) =>
    bytes.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES),
  );
  const decoded = await format.decode({ chunks: pieces, byteLength: bytes.length });
  assert.equal(Buffer.compare(Buffer.concat([...format.encode(decoded)]), bytes), 0);
  return decoded;
}

/** A file that ends anywhere before its end is a FormatError. */
export async function assertCutFilesAreRefused<Model>(format: FileFormat<Model>, model: Model): Promise<void> {
  const bytes = Buffer.concat([...format.encode(model)]);
  for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 50))) {
    const cut = { chunks: [bytes.subarray(0, length)], byteLength: length };
    await assert.rejects(format.decode(cut), { name: "FormatError" });
  }
}

/** One test for each parameter, and one for a parameter that there is not. */
export function testParameterRanges(
  table: ParameterTable,
  fit: (values: Readonly<Record<string, unknown>>) => Promise<unknown>,
): void {
  for (const [name, definition] of Object.entries(table)) {
    test(`parameter ${name}: outside its range it is refused`, async () => {
      for (const value of outside(definition)) {
        const isRefusal = (error: unknown): boolean => error instanceof ParameterError && error.parameter === name;
        await assert.rejects(fit({ [name]: value }), isRefusal);
      }
    });
  }

  test("an unknown parameter is refused", async () => {
    await assert.rejects(fit({ noSuchParameter: 1 }), ParameterError);
  });
}

/** What an endless training is told by; all else of its context is the algorithm's. */
export interface EndingContext {
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly stop?: AbortSignal;
  readonly onProgress: () => void;
}

/** A training that would take minutes ends within a second of its first progress, told either way, on one thread and on two. */
export function testEnding<Model>(
  fit: (context: EndingContext) => Promise<Model>,
  checkModel: (model: Model) => void,
): void {
  for (const threads of [1, 2]) {
    const begin = () => {
      const controller = new AbortController();
      const elapsed = stopwatchFrom(controller.signal);
      return { signal: controller.signal, elapsed, onProgress: (): void => controller.abort() };
    };

    test(`abort ends the training within a second (${threads} threads)`, async () => {
      const { signal, elapsed, onProgress } = begin();
      await assert.rejects(fit({ seed: 1, threads, signal, onProgress }), { name: "AbortError" });
      assert.ok(elapsed() < 1000, `${elapsed()} ms`);
    });

    test(`stop ends the training within a second and keeps what was learned (${threads} threads)`, async () => {
      const { signal, elapsed, onProgress } = begin();
      const model = await fit({ seed: 1, threads, stop: signal, onProgress });
      assert.ok(elapsed() < 1000, `${elapsed()} ms`);
      checkModel(model);
    });
  }
}
