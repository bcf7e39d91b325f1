import { Endpoint } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import { createModelVersions } from "../inference-service/model-versions.ts";
import { isAccessDenied } from "../infrastructure/access-denied.ts";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { pipelineParts } from "../runs/pipeline-parts.ts";
import { createRunner } from "../runs/runner.ts";
import { isOutOfReach, isRefusalOfAccess } from "../storage/out-of-reach.ts";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { bootstrapRoutes } from "./bootstrap-routes.ts";
import { uploadDatasets } from "./upload-datasets.ts";

/** Brings the first model about (S-7, S-30). */
export const modelInitService: ServiceDefinition = {
  name: "model-init-service",
  summary: "Makes the infrastructure, trains the first model through the pipeline and deploys it.",
  port: 8006,
  async open(context): Promise<OpenService> {
    const { clock, session, settings } = context;
    const versions = createModelVersions(new Endpoint(settings.endpointName, session));
    const runner = createRunner(context, "bootstrap", {
      ...pipelineParts(context),
      prepare: async (_run, signal) => ({ data: await uploadDatasets(context, signal) }),
    });
    runner.resume();
    return {
      dependencies: [
        {
          name: "sagemaker",
          isRequired: true,
          async check(signal) {
            const found = await new Endpoint(settings.endpointName, session).find(signal);
            return found === undefined
              ? "no endpoint yet"
              : `endpoint ${settings.endpointName} ${found.EndpointStatus}`;
          },
        },
      ],
      routes: bootstrapRoutes({
        endpointName: settings.endpointName,
        clock,
        async activeModel() {
          try {
            return await versions.versionOf(undefined);
          } catch (error) {
            // Who cannot see whether there is a model does not train another one over it.
            if (isOutOfReach(error) || isRefusalOfAccess(error)) throw error;
            return undefined;
          }
        },
        createInfrastructure: () => createWhereAllowed(context),
        latest: () => runner.latest(),
        steps: (runId) => runner.steps(runId),
        begin: (run) => runner.begin(run),
      }),
      close: () => runner.close(),
    };
  },
};

/** Where this service may make nothing, an administrator has: what is still missing is named by what needs it. */
async function createWhereAllowed(context: ApplicationContext): Promise<void> {
  try {
    await createInfrastructure(context);
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
  }
}
