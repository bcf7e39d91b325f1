import type { Owner, Resources } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { describePersonalizeJob } from "./personalize-job.ts";
import { requirePersonalize } from "./personalize-resource.ts";
import type { SolutionBody, SolutionVersion, SolutionVersionBody } from "./solution-body.ts";
import { newestVersion } from "./solution-description.ts";

const LATEST = "/$LATEST";

/** Whether an ARN is `<solution>/$LATEST`: the newest version that is trained. */
export function isLatest(arn: string): boolean {
  return arn.endsWith(LATEST);
}

/** The version of an ARN. Throws ResourceNotFoundException; ResourceInUseException when it is not trained. */
export async function requireTrainedVersion(resources: Resources, owner: Owner, arn: string): Promise<SolutionVersion> {
  if (isLatest(arn)) return await requireLatest(resources, owner, arn);
  const version = await requirePersonalize<SolutionVersionBody>(resources, owner, { type: "solution-version", arn });
  if (version.status === "Completed") return version;
  const { status } = describePersonalizeJob(version);
  throw awsError("ResourceInUseException", `The solution version ${arn} is in status ${status}; it must be ACTIVE.`);
}

async function requireLatest(resources: Resources, owner: Owner, arn: string): Promise<SolutionVersion> {
  const solutionArn = arn.slice(0, -LATEST.length);
  const solution = await requirePersonalize<SolutionBody>(resources, owner, { type: "solution", arn: solutionArn });
  const version = await newestVersion(resources, solution, "Completed");
  if (version !== undefined) return version;
  throw awsError("ResourceInUseException", `The solution ${solutionArn} has no ACTIVE solution version yet.`);
}
