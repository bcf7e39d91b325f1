import { Endpoint } from "@rondo/sdk";
import type { AccuracyReport } from "../accuracy-report.ts";
import { deployModel } from "./deploy-model.ts";
import { evaluateModel, findReport } from "./evaluate-model.ts";
import type { BootstrapContext } from "./progress.ts";
import { readRecipe } from "./recipe.ts";
import { trainModel } from "./train-model.ts";

export interface BootstrapOutcome {
  readonly endpointName: string;
  /** The model behind the endpoint. */
  readonly modelName: string;
  /** How good the model is; undefined for a model that somebody else deployed under the endpoint's name. */
  readonly report: AccuracyReport | undefined;
}

/**
 * Brings the endpoint about: data to S3, training job, model, endpoint, evaluation on the held-out part.
 *
 * Which of this is done already is read from the AWS resources themselves and nowhere else, so it can be stopped at any line and called again; when
 * all is there it costs three requests. An endpoint of that name which serves another model is left alone.
 */
export async function bootstrapSentiment(context: BootstrapContext): Promise<BootstrapOutcome> {
  const { session, endpointName, signal } = context;
  const endpoint = new Endpoint(endpointName, session);
  const status = (await endpoint.find(signal))?.EndpointStatus;
  if (status === undefined || status === "Failed")
    await deployModel(context, await trainModel(context, await readRecipe()));
  const { EndpointConfigName: modelName = "" } = await endpoint.wait({ signal });
  const known = await findReport(context, modelName);
  if (known !== undefined) return { endpointName, modelName, report: known };
  const recipe = await readRecipe();
  const isOurs = modelName === recipe.name || modelName.startsWith(`${recipe.name}-`);
  return { endpointName, modelName, report: isOurs ? await evaluateModel(context, recipe, modelName) : undefined };
}
