import { join } from "node:path";
import { type S3Source, stageSource } from "./s3-source.ts";

/** Where the programs look for CSV files. */
const FOLDER = join("input", "data", "csv");

/** Copies CSV files for a program. May be repeated. Throws ClientError when there are none, and for what else the user can put right. */
export async function stageCsv(source: Omit<S3Source, "folder" | "noun">): Promise<void> {
  await stageSource({ ...source, folder: FOLDER, noun: "CSV file" });
}
