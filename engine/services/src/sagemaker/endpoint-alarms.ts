import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Owner, Resource, Resources } from "@rondo/store";

/** The resource type of CloudWatch's alarms: the name is AlarmName, the status OK, ALARM or INSUFFICIENT_DATA. */
const ALARM_TYPE = "cloudwatch/alarm";

export async function findAlarm(
  resources: Pick<Resources, "find">,
  owner: Owner,
  name: string,
): Promise<Resource<object> | undefined> {
  return await resources.find(owner, ALARM_TYPE, name);
}

/** Why an update must be rolled back: the first alarm that rings, or that nobody can look at any more. */
export async function ringingAlarm(
  resources: Pick<Resources, "find">,
  owner: Owner,
  config: DeploymentConfig | undefined,
): Promise<string | undefined> {
  for (const { AlarmName: name = "" } of config?.AutoRollbackConfiguration?.Alarms ?? []) {
    const alarm = await findAlarm(resources, owner, name);
    if (alarm === undefined) return `the alarm "${name}" was deleted while the update relied on it`;
    if (alarm.status === "ALARM") return `the alarm "${name}" is in ALARM state`;
  }
  return undefined;
}
