import { isNotFound } from "@rondo/sdk";
import { CliError } from "./cli-error.ts";

/**
 * The answer about a resource; when AWS does not know it, an error that names it (AWS says "Requested resource not found.").
 * @param resource `pipeline reviews`
 * @param advice "`rondo pipelines` lists them."
 */
export async function orNoSuch<Answer>(answer: Promise<Answer>, resource: string, advice: string): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError("notFound", `There is no ${resource}.`, advice);
  }
}
