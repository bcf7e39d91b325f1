import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process of this host, told apart from a later one that got the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: the same process has the same. */
  readonly startTime: string;
}

/** The identity of a process that exists now; undefined when there is none or only a zombie is left of it. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === "linux" ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identity.pid > 0 && identifyProcess(identity.pid)?.startTime === identity.startTime;
}

/** proc(5): state is field 3 and starttime field 22, in ticks since boot; the command before them may hold spaces and parentheses. */
function linuxStartTime(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const answer = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 5000 });
    const [state = "", ...started] = answer.trim().split(/\s+/);
    return state === "" || state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}
