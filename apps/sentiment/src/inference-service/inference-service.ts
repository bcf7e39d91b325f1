import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { createClassifier } from "./classifier.ts";
import { inferenceRoutes } from "./inference-routes.ts";
import { openPredictionLog } from "./prediction-log.ts";

/** Answers predictions from the endpoint and records them, so that feedback on them can be traced (S-1, S-33). */
export const inferenceService: ServiceDefinition = {
  name: "inference-service",
  summary: "Tells whether an opinion is positive or negative, by the model behind the SageMaker endpoint.",
  port: 8000,
  async open(context): Promise<OpenService> {
    const { session, settings } = context;
    const classifier = createClassifier(session, settings.endpointName);
    const log = await openPredictionLog(context);
    let modelVersion = "";
    return {
      dependencies: [
        {
          name: `sagemaker endpoint ${settings.endpointName}`,
          isRequired: true,
          async check() {
            modelVersion = "";
            modelVersion = await classifier.currentVersion();
            return `serves ${modelVersion}`;
          },
        },
        { name: `dynamodb table ${log.table.name}`, isRequired: false, check: (signal) => log.table.check(signal) },
      ],
      facts: {
        schema: {
          endpoint_name: { type: "string" },
          model_version: { type: "string", description: "Empty while the endpoint does not answer" },
          pending: { type: "integer", description: "Records of predictions that wait in predictions.json" },
        },
        read: () => ({ endpoint_name: settings.endpointName, model_version: modelVersion, pending: log.pending }),
      },
      routes: inferenceRoutes({ classifier, record: (prediction) => log.record(prediction) }),
      close: () => log.close(),
    };
  },
};
