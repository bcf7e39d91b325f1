import { type AwsError, awsError } from "../error.ts";

/** One constraint that an input fails. */
export interface Violation {
  /** As AWS prints it: `resourceConfig.instanceCount`, `tags.1.member.key`. */
  readonly path: string;
  /** Undefined: not to be shown, because the member is sensitive; null: absent. */
  readonly value: string | null | undefined;
  readonly constraint: string;
}

const longestValue = 1024;

/** AWS's wording of a list of violations. */
export function violationError(code: string, violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  const texts = violations.map(({ path, value, constraint }) => {
    const shown =
      value === undefined ? "Value" : value === null ? "Value null" : `Value '${value.slice(0, longestValue)}'`;
    return `${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
  });
  return awsError(code, `${count}: ${texts.join("; ")}`, { status: 400 });
}
