import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { Endpoint, ModelPackage, Session } from "@rondo/sdk";
import { canaryDeployment, putRollbackAlarms } from "@rondo/sentiment";

/** Those of a `rondo start`: what its own pipeline takes for a tenth of the traffic and for the alarms. */
const CANARY_SECONDS = 10;
const ALARM_PERIOD_SECONDS = 10;

const ENDPOINT = "sentiment";
const ROLE = "SageMakerExecutionRole";
/** Of the second model, its variant and its configuration. */
const SECOND = "sentiment-under-load";

export interface RollOut {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

/**
 * Moves the endpoint from the first start's model to a second model of the same registered version, the way the pipeline's last step does: blue/green with a canary
 * and both alarms. Throws when it was rolled back. The AWS clients read the environment.
 */
export async function rollOut(): Promise<RollOut> {
  using session = new Session();
  const cloudwatch = new CloudWatchClient();
  const endpoint = new Endpoint(ENDPOINT, session);
  const { ProductionVariants: [variant] = [] } = await endpoint.describe();
  const from = variant?.VariantName ?? "";
  const arn = `arn:aws:sagemaker:${await session.region()}:${await session.accountId()}:model-package/${from.replace("-v", "/")}`;
  await new ModelPackage(arn, session).createModel({ role: ROLE, name: SECOND });
  const target = { endpointName: ENDPOINT, variantName: SECOND, periodInSeconds: ALARM_PERIOD_SECONDS };
  const alarms = await putRollbackAlarms(cloudwatch, target);
  const begin = performance.now();
  await endpoint.update(
    { configName: SECOND, variants: [{ modelName: SECOND, variantName: SECOND }] },
    { deploymentConfig: canaryDeployment(alarms, CANARY_SECONDS), timeoutMs: 300_000 },
  );
  cloudwatch.destroy();
  return { from, to: SECOND, seconds: (performance.now() - begin) / 1000 };
}
