import { DescribeEndpointConfigCommand } from "@aws-sdk/client-sagemaker";
import { Endpoint, type Session } from "@rondo/sdk";

/** The live model. */
export interface Champion {
  readonly endpointName: string;
  /** Name of the model behind the endpoint's first variant. */
  readonly modelName: string;
}

/** The model that answers behind the endpoint; undefined when none does. While an update runs, the one that still has most of the traffic answers. */
export async function findChampion(session: Session, endpointName: string): Promise<Champion | undefined> {
  const description = await new Endpoint(endpointName, session).find();
  const status = description?.EndpointStatus;
  if (description === undefined || status === "Creating" || status === "Failed" || status === "Deleting")
    return undefined;
  const command = new DescribeEndpointConfigCommand({ EndpointConfigName: description.EndpointConfigName });
  const { ProductionVariants: variants = [] } = await session.sagemaker.send(command);
  return { endpointName, modelName: variants[0]?.ModelName ?? "" };
}
