import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommandLine } from "./testing/run-command-line.ts";

const SECRET = "it's/a+secret";

async function homeWithKeys() {
  const home = await mkdtempDisposable(join(tmpdir(), "rondo-cli-"));
  await writeFile(
    join(home.path, "credentials"),
    `[default]\naws_access_key_id = AKIA1\naws_secret_access_key = ${SECRET}\n`,
  );
  return home;
}

test("credentials shows where they are and keeps the secret", async () => {
  await using home = await homeWithKeys();
  for (const extra of [[], ["--json"]]) {
    const { exitCode, stdout } = await runCommandLine(["credentials", "--home", home.path, ...extra]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /AKIA1/);
    assert.ok(stdout.includes(join(home.path, "credentials")));
    assert.ok(!stdout.includes(SECRET));
  }
});

test("a shell that evaluates --export has what AWS clients read", async () => {
  await using home = await homeWithKeys();
  const { stdout } = await runCommandLine(["credentials", "--export", "--endpoint-url", "http://127.0.0.1:5000"], {
    environment: { RONDO_HOME: home.path },
  });
  const script = `${stdout}printf '%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_ENDPOINT_URL" "$AWS_REGION"`;
  const values = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
  assert.deepEqual(values, ["AKIA1", SECRET, "http://127.0.0.1:5000", "us-east-1"]);
});
