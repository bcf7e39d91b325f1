import { Endpoint, Estimator, type TrainingJob } from "@rondo/sdk";
import { classificationDeserializer, classificationSerializer } from "../blazing-text.ts";
import type { BootstrapContext } from "./progress.ts";

/** Creates model and endpoint for the job's artifact, or goes on where an earlier start stopped. */
export async function deployModel(context: BootstrapContext, job: TrainingJob): Promise<void> {
  const { session, endpointName, onProgress, signal } = context;
  onProgress({ step: "deploy", fraction: 0, detail: `endpoint ${endpointName}` });
  const endpoint = new Endpoint(endpointName, session);
  if ((await endpoint.find(signal))?.EndpointStatus === "Failed") await endpoint.delete({ signal });
  const estimator = await Estimator.attach(job.name, { session });
  await estimator.deploy({
    endpointName,
    // So that each prediction's answer names the model that gave it.
    variantName: job.name,
    serializer: classificationSerializer,
    deserializer: classificationDeserializer,
    reuseExisting: true,
    signal,
    onProgress: ({ EndpointStatus: status }) => {
      if (status !== "InService") onProgress({ step: "deploy", fraction: 0.5, detail: status ?? "" });
    },
  });
  onProgress({ step: "deploy", fraction: 1, detail: `endpoint ${endpointName}` });
}
