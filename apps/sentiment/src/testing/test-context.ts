import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionOptions } from "@rondo/sdk";
import { type ApplicationContext, openContext } from "../application-context.ts";
import { readSettings } from "../settings.ts";

export interface TestContext extends ApplicationContext, AsyncDisposable {
  /** What went wrong in the background. */
  readonly faults: unknown[];
}

/** A context with a folder of its own for the fallbacks. */
export async function openTestContext(
  clientConfig: SessionOptions,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestContext> {
  const folder = environment.FALLBACK_DIRECTORY ?? (await mkdtemp(join(tmpdir(), "sentiment-")));
  const faults: unknown[] = [];
  const context = openContext(readSettings({ FALLBACK_DIRECTORY: folder, ...environment }), {
    clientConfig,
    onFault: (error) => faults.push(error),
  });
  return {
    ...context,
    faults,
    async [Symbol.asyncDispose]() {
      context[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
