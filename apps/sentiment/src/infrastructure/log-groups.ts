import {
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ApplicationContext } from "../application-context.ts";

/** What SageMaker writes for jobs and endpoints, whose groups it makes without a limit if nobody else has. */
const LOG_GROUPS = ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"];

/** A convention: long enough to look into last month's training. */
const RETENTION_DAYS = 30;

/** Makes the log groups with a retention; one that is there keeps its own. */
export async function ensureLogGroups(context: ApplicationContext, signal?: AbortSignal): Promise<void> {
  const { session, settings } = context;
  const { logs } = session;
  for (const logGroupName of [...LOG_GROUPS, `/aws/sagemaker/Endpoints/${settings.endpointName}`]) {
    try {
      await logs.send(new CreateLogGroupCommand({ logGroupName }), { abortSignal: signal });
    } catch (error) {
      if (error instanceof ResourceAlreadyExistsException) continue;
      throw error;
    }
    const retention = new PutRetentionPolicyCommand({ logGroupName, retentionInDays: RETENTION_DAYS });
    await logs.send(retention, { abortSignal: signal });
  }
}
