import { readdir, readFile } from "node:fs/promises";
import type { DenseMatrix } from "../../table/matrix.ts";
import type { Booster } from "../formats/read-xgboost-model.ts";
import { decodeXgboostModel } from "../formats/xgboost-model-file.ts";

/** A model that pip's xgboost made (fixtures/make_models.py), and what that says of some rows. */
export interface ModelFixture {
  /** `xgboost-3.2.0-softprob.ubj` */
  readonly name: string;
  readonly file: Buffer;
  readonly model: Booster;
  readonly features: DenseMatrix;
  readonly predictions: Float32Array;
  readonly margins: Float32Array;
  readonly contributions: Float32Array;
  /** Absent for gblinear, like the interactions. */
  readonly approximations: Float32Array | undefined;
  readonly interactions: Float32Array | undefined;
}

const DIRECTORY = new URL("./fixtures/generated/", import.meta.url);

interface Expected extends Readonly<Record<string, unknown>> {
  readonly rows: readonly (number | null)[];
  readonly columns: number;
}

export async function readModelFixtures(): Promise<readonly ModelFixture[]> {
  const names = (await readdir(DIRECTORY)).filter((name) => /^xgboost-.*(?<!expected)\.(json|ubj|binary)$/.test(name));
  return Promise.all(names.toSorted().map(readModelFixture));
}

async function readModelFixture(name: string): Promise<ModelFixture> {
  const file = await readFile(new URL(name, DIRECTORY));
  const expectedName = name.replace(/\.\w+$/, ".expected.json");
  const expected = JSON.parse(await readFile(new URL(expectedName, DIRECTORY), "utf8")) as Expected;
  const values = toFloats(expected.rows);
  const optional = (member: string): Float32Array | undefined =>
    expected[member] === undefined ? undefined : toFloats(expected[member] as readonly (number | null)[]);
  const floats = (member: string): Float32Array => optional(member) ?? new Float32Array();
  return {
    name,
    file,
    model: await decodeXgboostModel({ chunks: [file], byteLength: file.length }),
    features: { kind: "dense", rows: values.length / expected.columns, columns: expected.columns, values },
    predictions: floats("predictions"),
    margins: floats("margins"),
    contributions: floats("contributions"),
    approximations: optional("approximations"),
    interactions: optional("interactions"),
  };
}

function toFloats(numbers: readonly (number | null)[]): Float32Array {
  return Float32Array.from(numbers, (number) => number ?? Number.NaN);
}
