import type { AccessKeys, Owner } from "@rondo/store";

export interface JobEnvironmentDependencies {
  readonly accessKeys: Pick<AccessKeys, "createTemporary">;
  readonly url: () => string;
}

/** A training job may run for five days; credentials that end before it would be of no use (AWS renews them meanwhile). */
const durationSeconds = 5 * 24 * 3600;

/** What a job's program needs to call AWS operations: this server's address and temporary credentials of the job's role. */
export function createJobEnvironment({ accessKeys, url }: JobEnvironmentDependencies) {
  return async (job: Owner & { readonly name: string; readonly body: { readonly RoleArn?: string } }) => {
    const role = job.body.RoleArn?.split("/").at(-1) ?? "role";
    const arn = `arn:aws:sts::${job.accountId}:assumed-role/${role}/SageMaker`;
    const credentials = await accessKeys.createTemporary({ accountId: job.accountId, arn }, durationSeconds);
    return {
      AWS_ENDPOINT_URL: url(),
      AWS_REGION: job.region,
      AWS_DEFAULT_REGION: job.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
    };
  };
}
