import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const NOBODY = { uid: 65_534, gid: 65_534 };
const MODULE = new URL("./mount-namespace.ts", import.meta.url);

/** What an unprivileged user's process finds: the namespace's command for `directory`, or the refusal. */
function findAsNobody(directory: string, program: readonly string[]): { command?: string[]; refusal?: string } {
  const mount = { directory, mountPath: "/opt/ml", stage: join(directory, "stage") };
  const script = `
    const { findMountNamespace } = await import(${JSON.stringify(MODULE.href)});
    const namespace = await findMountNamespace("/opt/ml");
    const command = namespace.command?.(${JSON.stringify(mount)}, ${JSON.stringify(program)});
    console.log(JSON.stringify({ ...namespace, command }));`;
  const options = { ...NOBODY, encoding: "utf8", cwd: "/", env: { PATH: process.env["PATH"] } } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], options);
  return stdout === "" ? { refusal: `nobody cannot read this checkout: ${stderr}` } : JSON.parse(stdout);
}

test("an unprivileged user's program sees its directory and stays that user", async (context) => {
  if (process.getuid?.() !== 0)
    return context.skip("only root can become another user; the suite of executors runs as this one");
  const directory = await mkdtemp(join(tmpdir(), "rondo-nobody-"));
  try {
    await mkdir(join(directory, "stage"));
    await writeFile(join(directory, "given"), "");
    for (const path of [directory, join(directory, "stage")]) await chown(path, NOBODY.uid, NOBODY.gid);
    await chmod(directory, 0o755);
    const { command, refusal } = findAsNobody(directory, [
      "/bin/sh",
      "-c",
      "id -u; id -g; ls /opt/ml; touch /opt/ml/taken",
    ]);
    if (command === undefined) return context.skip(refusal);
    const [file = "", ...rest] = command;
    const options = { ...NOBODY, encoding: "utf8", env: { PATH: process.env["PATH"] } } as const;
    const { stdout, status } = spawnSync(file, rest, options);
    assert.deepEqual([status, stdout], [0, "65534\n65534\ngiven\nstage\n"]);
    assert.equal((await stat(join(directory, "taken"))).uid, NOBODY.uid);
    assert.deepEqual(await readdir(join(directory, "stage")), []);
  } finally {
    await rm(directory, { recursive: true });
  }
});
