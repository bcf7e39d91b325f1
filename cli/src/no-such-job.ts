import { isNotFound } from "@rondo/sdk";
import { CliError } from "./cli-error.ts";

/** The answer about a training job; when AWS does not know the job, an error that names it (AWS says "Requested resource not found."). */
export async function orNoSuchJob<Answer>(answer: Promise<Answer>, jobName: string): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError("notFound", `There is no training job ${jobName}.`, "`rondo jobs` lists them.");
  }
}
