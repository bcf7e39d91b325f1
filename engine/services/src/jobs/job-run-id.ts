import { randomBytes } from "node:crypto";

/** `<job name>-<12 hexadecimal digits>`, as jobs name their directories: what else lies there is not ours to delete. */
const RUN_ID = /^.+-[0-9a-f]{12}$/;

/** What distinguishes a job from an earlier one of the same name. */
export function randomRunSuffix(): string {
  return randomBytes(6).toString("hex");
}

/** Whether a directory has the name of a job's. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}
