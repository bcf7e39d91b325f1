import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import { resourceNames } from "../resource-names.ts";
import { readSettings } from "../settings.ts";
import { createLabelSet } from "./label-set.ts";

test("a SageMaker that hangs is waited for once, not by every feedback", { timeout: 10_000 }, async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using session = new Session({ endpoint: "http://127.0.0.1:1", region: "us-east-1" });
  t.mock.method(session.sagemaker, "send", () => new Promise(() => undefined));
  const settings = readSettings({});
  const clock = { now: () => new Date(0) };
  const context = { clock, session, settings, names: resourceNames(settings) } as unknown as ApplicationContext;
  const labels = createLabelSet(context);
  const first = labels();
  t.mock.timers.tick(2_000);
  assert.deepEqual(await first, ["negative", "neutral", "positive"]);
  // No timer runs out any more: who waited would wait for ever.
  assert.deepEqual(await labels(), ["negative", "neutral", "positive"]);
});
