import { execFileSync } from "node:child_process";
import { processTree } from "./process-memory.ts";

/** Processor time in seconds that a process and its living descendants have used so far. What other programs take of the machine does not count. */
export function processorSeconds(pid: number): number {
  const pids = processTree(pid).join(",");
  const times = execFileSync("ps", ["-o", "cputimes=", "-p", pids], { encoding: "utf8" });
  return times.split("\n").reduce((sum, seconds) => sum + Number(seconds), 0);
}
