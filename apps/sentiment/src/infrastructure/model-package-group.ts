import { CreateModelPackageGroupCommand } from "@aws-sdk/client-sagemaker";
import { isAlreadyExisting } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";

/** Makes the registry's group unless it is there. */
export async function ensureModelPackageGroup(
  { session }: ApplicationContext,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const command = new CreateModelPackageGroupCommand({
    ModelPackageGroupName: name,
    ModelPackageGroupDescription: "Versions of the sentiment model, with the numbers of their gate",
  });
  try {
    await session.sagemaker.send(command, { abortSignal: signal });
  } catch (error) {
    if (!isAlreadyExisting(error)) throw error;
  }
}
