import type { ProgramEnd } from "./run-program.ts";

/** A job's FailureReason has the first 1,024 characters of `output/failure`, and the command comes after the message. */
const MAX_MESSAGE_CHARACTERS = 640;

/** What happened to a program of the user's or an installer, in the words of SageMaker's training toolkit (its errors.py). */
export class UserScriptError extends Error {
  override readonly name = "UserScriptError";
  readonly end: ProgramEnd;

  constructor(
    kind: "ExecuteUserScriptError" | "InstallRequirementsError",
    command: readonly string[],
    end: ProgramEnd,
  ) {
    const { exitCode, signal } = end;
    const lines = [
      `${kind}:`,
      `ExitCode ${exitCode ?? signal}`,
      `ErrorMessage "${lastLines(end.errors)}"`,
      `Command "${command.join(" ")}"`,
    ];
    super(lines.join("\n"));
    this.end = end;
  }
}

/** The end of a program of the user's; throws UserScriptError when it failed, unless it was told to end. */
export function checkEnd(end: ProgramEnd, command: readonly string[], signal: AbortSignal): ProgramEnd {
  if (end.exitCode !== 0 && !signal.aborted) throw new UserScriptError("ExecuteUserScriptError", command, end);
  return end;
}

/** As many whole lines from the end as fit. */
export function lastLines(text: string): string {
  const kept: string[] = [];
  let room = MAX_MESSAGE_CHARACTERS;
  for (const line of text.trimEnd().split("\n").reverse()) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.unshift(line);
  }
  return kept.length > 0 ? kept.join("\n").trim() : text.trimEnd().slice(-MAX_MESSAGE_CHARACTERS);
}
