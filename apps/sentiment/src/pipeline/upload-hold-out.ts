import { readFile } from "node:fs/promises";
import type { Session } from "@rondo/sdk";
import { describeHoldOut, type HoldOutManifest } from "../data/hold-out.ts";

/** The frozen hold-out of the application. Only this file reads it, and passes it on to where the evaluation finds it. */
const HOLD_OUT = new URL("../../Dataset/test_data_hidden.csv", import.meta.url);

export interface UploadedHoldOut {
  /** S3 URI below which are `manifest/manifest.json`, `rows/test_data_hidden.csv` and `uses/`. */
  readonly uri: string;
  readonly manifest: HoldOutManifest;
}

/**
 * Puts the hold-out into S3 under its own hash: another one lies elsewhere, with its own count of uses. Rows and manifest are kept apart, so that
 * what prepares training data can be given the one without the other.
 */
export async function uploadHoldOut(
  session: Session,
  dataBucket: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<UploadedHoldOut> {
  const csv = await readFile(HOLD_OUT);
  const manifest = describeHoldOut(csv);
  const uri = `s3://${dataBucket}/hold-out/${manifest.sha256.slice(0, 16)}`;
  const { signal } = options;
  await Promise.all([
    session.uploadString(csv, `${uri}/rows/test_data_hidden.csv`, { signal }),
    session.uploadString(`${JSON.stringify(manifest)}\n`, `${uri}/manifest/manifest.json`, { signal }),
  ]);
  return { uri, manifest };
}
