import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "@rondo/images";
import { parseS3Uri } from "@rondo/run";
import { type Owner, StoreError, unpackArchive } from "@rondo/store";
import type { JobPlace } from "../jobs/job-definition.ts";
import type { PersonalizeStorage } from "./storage.ts";

/** Where programs find a model that was there before. */
const FOLDER = join("input", "data", "model");
const LIMITS = { maxBytes: 16 * 1024 ** 3, maxEntries: 10_000 };

/** Unpacks the model of a solution version for a job's program. May be repeated. Throws ClientError when it is gone. */
export async function stageModel(
  storage: Pick<PersonalizeStorage, "getFile">,
  { owner, modelUri }: { readonly owner: Owner; readonly modelUri: string },
  { directory, signal }: JobPlace,
): Promise<void> {
  const archive = join(directory, "input", "model.tar.gz");
  const folder = join(directory, FOLDER);
  await rm(folder, { recursive: true, force: true });
  try {
    await storage.getFile(owner, parseS3Uri(modelUri)?.key ?? "", archive, signal);
  } catch (error) {
    if (!(error instanceof StoreError) || !error.code.startsWith("NoSuch")) throw error;
    throw new ClientError("The solution version has no model any more: its solution has been deleted.");
  }
  await unpackArchive(createReadStream(archive), folder, LIMITS, signal);
  await rm(archive);
}
