import assert from "node:assert/strict";
import { mkdtempDisposable, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readCredentialsFile, writeCredentialsFile } from "./credentials-file.ts";

const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "abc/+def=" };

test("a written profile is read back; the file is its owner's alone and nothing is left beside it", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "credentials-"));
  const path = join(directory.path, "credentials");
  assert.equal(await readCredentialsFile(path), undefined);
  await writeCredentialsFile(path, keys);
  assert.deepEqual(await readCredentialsFile(path), keys);
  assert.equal(await readCredentialsFile(path, "other"), undefined);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory.path), ["credentials"]);
});

test("other profiles and settings stay, an old session token goes", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "credentials-"));
  const path = join(directory.path, "credentials");
  await writeFile(
    path,
    "# mine\n[default]\naws_access_key_id=old\naws_secret_access_key=old\naws_session_token=t\nregion = x\n[work]\naws_access_key_id = A\naws_secret_access_key = B\n",
  );
  await writeCredentialsFile(path, keys);
  assert.deepEqual(await readCredentialsFile(path), keys);
  assert.deepEqual(await readCredentialsFile(path, "work"), { accessKeyId: "A", secretAccessKey: "B" });
});

test("a file that cannot be read is an error and is not overwritten", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "credentials-"));
  await assert.rejects(readCredentialsFile(directory.path), { code: "Unreadable" });
  await assert.rejects(writeCredentialsFile(directory.path, keys), { code: "Unreadable" });
});
