import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { readWhole } from "../../read-whole.ts";
import { readJson } from "./json-reader.ts";
import { writeJson } from "./json-writer.ts";
import { readXgboostBinary } from "./read-xgboost-binary.ts";
import { type Booster, readXgboostModel } from "./read-xgboost-model.ts";
import { readUbjson } from "./ubjson-reader.ts";
import { writeUbjson } from "./ubjson-writer.ts";
import { toXgboostModel } from "./write-xgboost-model.ts";

export type XgboostFormat = "json" | "ubjson";

const MAXIMUM_BYTES = 2 ** 31 - 1;
const OPEN_BRACE = 0x7b;
const PICKLE = 0x80;

/** XGBoost's model file, which pip's `Booster.load_model` reads, in pieces. */
export function encodeXgboostModel(model: Booster, format: XgboostFormat = "ubjson"): Iterable<Uint8Array> {
  return (format === "json" ? writeJson : writeUbjson)(toXgboostModel(model));
}

/**
 * Reads a file of `Booster.save_model`: JSON, UBJSON or the binary format of before XGBoost 2.1; its first bytes tell which. Throws FormatError for other files (Python
 * pickles), damaged ones and those of 2 GiB and more.
 */
export async function decodeXgboostModel(file: EncodedModel): Promise<Booster> {
  const bytes = await readWhole(file, MAXIMUM_BYTES);
  if (bytes[0] === PICKLE) {
    throw new FormatError(
      "The model file is a Python pickle, which is a program and not read here; write it with Booster.save_model as JSON or UBJSON.",
    );
  }
  if (bytes[0] !== OPEN_BRACE) return readXgboostBinary(bytes);
  return readXgboostModel(isJson(bytes) ? readJson(bytes) : readUbjson(bytes));
}

/** After the brace JSON has a quote or white space, UBJSON the marker of a length. */
function isJson(bytes: Uint8Array): boolean {
  return /^[\s"}]/.test(String.fromCharCode(bytes[1] ?? 0));
}
