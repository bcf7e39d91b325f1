import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Resident memory of a process in bytes, and the most that it ever was (Linux; elsewhere both are what it is now). */
export function processMemory(pid: number): { readonly bytes: number; readonly peakBytes: number } {
  if (process.platform !== "linux") {
    const bytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024;
    return { bytes, peakBytes: bytes };
  }
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1024;
  return { bytes: field("VmRSS"), peakBytes: field("VmHWM") };
}

/** A process and all its descendants. */
export function processTree(pid: number): number[] {
  const parents = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [pid];
  for (const parent of tree) {
    for (const [child = 0, of] of parents) if (of === parent) tree.push(child);
  }
  return tree;
}
