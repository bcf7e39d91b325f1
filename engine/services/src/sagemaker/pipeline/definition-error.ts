import { awsError } from "@rondo/wire";
import { ExpressionError } from "./expression.ts";

/** The error of a definition that cannot be accepted; the message names the step and the member. */
export function invalidDefinition(problem: string): Error {
  return awsError("ValidationException", `The pipeline definition is not valid: ${problem}`);
}

/** Runs a check of one step and names the step in what it finds. */
export function checkingStep<Result>(step: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof ExpressionError) throw invalidDefinition(`step ${step}: ${error.message}`);
    throw error;
  }
}
