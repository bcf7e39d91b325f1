import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "./logger.ts";

function logged(error: unknown): { readonly text: string; readonly error: Readonly<Record<string, unknown>> } {
  let text = "";
  createLogger("info", { write: (line) => void (text += line) }).error({ error }, "request failed");
  return { text, error: (JSON.parse(text) as { error: Record<string, unknown> }).error };
}

test("an error is logged with its stack and its causes", () => {
  const { error } = logged(new TypeError("outside", { cause: new Error("inside") }));
  assert.equal(error["name"], "TypeError");
  assert.match(String(error["stack"]), /logger\.test\.ts/);
  assert.equal((error["cause"] as Record<string, unknown>)["message"], "inside");
  assert.equal(logged("a text").error, "a text");
});

test("what a database error quotes of a row is not logged", () => {
  const quoting = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (text)=(personal) exists." });
  const { text, error } = logged(new Error("storing failed", { cause: quoting }));
  assert.equal((error["cause"] as Record<string, unknown>)["code"], "23505");
  assert.doesNotMatch(text, /personal/);
});

test("a ring of causes ends", () => {
  const ring = new Error("ring");
  ring.cause = ring;
  assert.match(logged(ring).text, /ring/);
});
