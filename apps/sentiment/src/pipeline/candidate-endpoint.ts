import { DeleteEndpointConfigCommand, type ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { Endpoint, isNotFound, Model, type Session } from "@rondo/sdk";

export interface Candidate {
  /** Name of model, configuration and endpoint; the same for a repetition of the same evaluation. */
  readonly name: string;
  readonly imageUri: string;
  /** S3 URI of model.tar.gz. */
  readonly modelDataUri: string;
  readonly role: string;
  readonly instanceType: ProductionVariantInstanceType;
}

/** Longer than SageMaker takes to start an endpoint. */
const TIMEOUT_MS = 20 * 60_000;

/** What says that something is not there is as good as a deletion. */
async function unlessAbsent(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function remove(session: Session, { name }: Candidate, model: Model): Promise<void> {
  const endpoint = new Endpoint(name, session);
  if ((await endpoint.find()) !== undefined) await endpoint.delete({ timeoutMs: TIMEOUT_MS });
  await unlessAbsent(session.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })));
  await unlessAbsent(model.delete());
}

/**
 * Serves the candidate behind an endpoint of its own while `use` runs, so that it is judged as its clients would get it. The endpoint is removed
 * whatever happens; one that a killed evaluation left behind is removed first.
 */
export async function withCandidateEndpoint<Result>(
  session: Session,
  candidate: Candidate,
  use: (endpointName: string) => Promise<Result>,
): Promise<Result> {
  const { name, imageUri, modelDataUri, role, instanceType } = candidate;
  const model = new Model({ imageUri, modelData: modelDataUri, role, name, session });
  await remove(session, candidate, model);
  try {
    await model.create();
    const endpoint = new Endpoint(name, session);
    await endpoint.create({ configName: name, variants: [{ modelName: name, instanceType }] });
    await endpoint.wait({ timeoutMs: TIMEOUT_MS });
    return await use(name);
  } finally {
    await remove(session, candidate, model);
  }
}
