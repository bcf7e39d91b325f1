import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MOUNT_DIRECTORY = fileURLToPath(new URL("./mount-directory.sh", import.meta.url));
/** A namespace is there within some 10 ms. */
const PROBE_DEADLINE_MS = 20_000;

/** How programs of this host come to see a directory at a second path, or why they cannot. */
export type MountNamespace =
  | { readonly command: (mount: DirectoryMount, program: readonly string[]) => readonly string[] }
  | { readonly refusal: string };

export interface DirectoryMount {
  readonly directory: string;
  /** The absolute path at which the program sees it, there or not. */
  readonly mountPath: string;
  /** An empty directory of the caller's, of no use to anybody afterwards. */
  readonly stage: string;
}

interface Way {
  /** Options of unshare(1). */
  readonly options: readonly string[];
  /** `uid:gid` under which the program sees itself where a user namespace made it root; empty where nothing is to be undone. */
  readonly owner: string;
}

/**
 * Finds out by trying which way this host lets a program have mounts of its own (mount_namespaces(7)): directly, as root does, or with a user
 * namespace around it (user_namespaces(7)). In both the program runs as our user.
 */
export async function findMountNamespace(mountPath: string): Promise<MountNamespace> {
  if (process.platform !== "linux") return { refusal: `${process.platform} has no mount namespaces, Linux has.` };
  const reasons: string[] = [];
  for (const way of ways()) {
    const reason = await tryWay(way, mountPath);
    if (reason === undefined) return { command: (mount, program) => commandOf(way, mount, program) };
    reasons.push(reason);
  }
  return { refusal: `${reasons.at(-1)}. ${advise()}` };
}

function ways(): Way[] {
  const root = ["--user", "--map-root-user", "--mount"];
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  return [
    { options: ["--mount"], owner: "" },
    ...(owner === "0:0" ? [] : [{ options: root, owner }]),
    // An unshare(1) that knows only of root; what the program writes is ours all the same.
    { options: root, owner: "" },
  ];
}

function commandOf({ options, owner }: Way, mount: DirectoryMount, program: readonly string[]): readonly string[] {
  const { directory, mountPath, stage } = mount;
  const script = ["/bin/sh", MOUNT_DIRECTORY, directory, mountPath, stage, owner, ...program];
  // Not found by the program's own PATH, which may be any.
  const unshare = ["/usr/bin/unshare", "/bin/unshare"].find((path) => existsSync(path)) ?? "unshare";
  // As a slave it still sees what the host mounts later, and passes nothing on.
  return [unshare, ...options, "--propagation", "slave", ...script];
}

/** Undefined when it works. */
async function tryWay(way: Way, mountPath: string): Promise<string | undefined> {
  const root = await mkdtemp(join(tmpdir(), "rondo-mount-"));
  const mount = { directory: join(root, "directory"), stage: join(root, "stage"), mountPath };
  try {
    for (const directory of [mount.directory, mount.stage]) await mkdir(directory);
    await writeFile(join(mount.directory, "probe"), "");
    const [file = "", ...rest] = commandOf(way, mount, ["/usr/bin/env", "test", "-e", join(mountPath, "probe")]);
    await promisify(execFile)(file, rest, { timeout: PROBE_DEADLINE_MS });
    return undefined;
  } catch (error) {
    const { code, message, stdout, stderr } = error as {
      code?: unknown;
      message: string;
      stdout?: string;
      stderr?: string;
    };
    if (code === "ENOENT") return "the command unshare of util-linux is missing";
    return firstLine(stderr) ?? firstLine(stdout) ?? message;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function firstLine(text: string | undefined): string | undefined {
  return text?.trim().split("\n")[0] || undefined;
}

/** What a user can do about the usual reasons. */
function advise(): string {
  if (readSetting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return "Allow it with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  }
  if (readSetting("/proc/sys/kernel/unprivileged_userns_clone") === "0") {
    return "Allow it with: sudo sysctl kernel.unprivileged_userns_clone=1";
  }
  if (readSetting("/proc/sys/user/max_user_namespaces") === "0") {
    return "Allow it with: sudo sysctl user.max_user_namespaces=10000";
  }
  if (existsSync("/.dockerenv")) {
    return "In Docker start the container with --cap-add SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined.";
  }
  return "It needs root with CAP_SYS_ADMIN, or a kernel that allows user namespaces.";
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
