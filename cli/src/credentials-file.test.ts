import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CliError } from "./cli-error.ts";
import { readCredentialsFile } from "./credentials-file.ts";

async function homeWith(credentials?: string) {
  const home = await mkdtempDisposable(join(tmpdir(), "rondo-cli-"));
  if (credentials !== undefined) await writeFile(join(home.path, "credentials"), credentials);
  return home;
}

test("the default profile's key pair is read", async () => {
  await using home = await homeWith(
    "# local\n[other]\naws_access_key_id=A\n\n[default]\naws_access_key_id = AKIA1\naws_secret_access_key = s3cr/et+=\n",
  );
  assert.deepEqual(await readCredentialsFile(home.path), {
    accessKeyId: "AKIA1",
    secretAccessKey: "s3cr/et+=",
    path: join(home.path, "credentials"),
  });
});

test("a missing file says who writes it", async () => {
  await using home = await homeWith();
  await assert.rejects(readCredentialsFile(home.path), (error) => {
    assert.ok(error instanceof CliError);
    assert.match(error.message, /no credentials in/);
    assert.match(error.advice ?? "", /rondo start.*--home or RONDO_HOME/);
    return true;
  });
});

test("a file without a key pair is refused", async () => {
  await using home = await homeWith("[default]\naws_access_key_id = AKIA1\n");
  await assert.rejects(readCredentialsFile(home.path), /has no aws_access_key_id and aws_secret_access_key/);
});
