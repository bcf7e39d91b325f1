import { constants } from "node:os";
import type { ExecutionState } from "@rondo/run";
import type { Job, JobOutcome } from "./job-run.ts";

const MAX_FAILURE_REASON = 1024;

export type ExecutionEnd = Extract<ExecutionState, { readonly state: "ended" }>;

/** How a job whose program has ended comes out; `failure` is what the program left to say about why. */
export function outcomeOf({ status, body }: Job, end: ExecutionEnd, failure: string | undefined): JobOutcome {
  if (status === "Stopping") return { result: "Stopped" };
  const { terminatedFor } = body.run;
  if (terminatedFor !== undefined) return { result: terminatedFor };
  if (end.exitCode === 0) return { result: "Completed" };
  return failed(describeEnd(end, failure));
}

/** The state that an outcome shows in the job's status. */
export function statusOf({ result }: JobOutcome): "Completed" | "Failed" | "Stopped" {
  return result === "MaxRuntimeExceeded" ? "Stopped" : result;
}

export function failed(reason: string): JobOutcome {
  return { result: "Failed", failureReason: failureReason(reason) };
}

/** The first characters, none of them cut in two: PostgreSQL's JSON takes no half of a surrogate pair. */
function failureReason(text: string, maxCharacters = MAX_FAILURE_REASON): string {
  return [...text].slice(0, maxCharacters).join("");
}

function describeEnd({ exitCode, signal }: ExecutionEnd, failure: string | undefined): string {
  if (exitCode === null && signal === null) {
    return "InternalServerError: The program vanished without an exit code; the machine may have been restarted. Create the job again.";
  }
  // As a shell counts a program that was killed.
  const code = exitCode ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
  const killed = signal === "SIGKILL" ? "The program was killed; the machine may be out of memory" : undefined;
  const text = failure ?? killed ?? "See the job's log for more information";
  const isNamed = /^(ClientError|AlgorithmError|InternalServerError):/.test(text);
  const suffix = `, exit code: ${code}`;
  // The exit code is kept whatever the length of the text: people look for it.
  return failureReason(`${isNamed ? "" : "AlgorithmError: "}${text}`, MAX_FAILURE_REASON - suffix.length) + suffix;
}
