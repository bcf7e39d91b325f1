import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "./client-error.ts";

/** Does a program's work; returns its exit code. What went wrong is in `output/failure` and in the log. */
export async function reportFailure(
  { directory, log }: { readonly directory: string; log(line: string): void },
  work: () => Promise<void>,
): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    const reason =
      error instanceof ClientError
        ? `ClientError: ${error.message}`
        : `InternalServerError: ${(error as Error).message}`;
    log(error instanceof ClientError ? reason : ((error as Error).stack ?? reason));
    await mkdir(join(directory, "output"), { recursive: true });
    await writeFile(join(directory, "output", "failure"), reason);
    return 1;
  }
}
