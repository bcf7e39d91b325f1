import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-cloudwatch";
import type { Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { deleteResourceTags, readResourceTags, writeResourceTags } from "../resource-tags.ts";
import { type AlarmBody, alarmType } from "./alarm-body.ts";
import { invalidValue } from "./invalid-value.ts";
import type { AlarmDependencies } from "./put-metric-alarm.ts";

export const alarmTagConstraints: Constraints = {
  "TagResourceInput.ResourceARN": { min: 1, max: 1024 },
  "UntagResourceInput.ResourceARN": { min: 1, max: 1024 },
  "ListTagsForResourceInput.ResourceARN": { min: 1, max: 1024 },
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { max: 256 },
};

const maxTags = 50;

/** Adds tags; throws beyond the 50 that a resource may have. */
export async function writeAlarmTags(
  connection: SqlConnection,
  alarm: Resource<AlarmBody>,
  tags: readonly Tag[] = [],
): Promise<void> {
  const byKey = new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  const count = await writeResourceTags(connection, alarm.id, byKey);
  if (count > maxTags) throw invalidValue(`${alarm.arn} would have more than ${maxTags} tags.`);
}

/** The tags of alarms, the one kind of resource that Rondo's CloudWatch has. */
export function createAlarmTagOperations({ sql, resources }: Pick<AlarmDependencies, "sql" | "resources">) {
  async function requireAlarm(caller: Caller, arn = ""): Promise<Resource<AlarmBody>> {
    const name = /^arn:aws:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/s.exec(arn)?.[1];
    const alarm = name === undefined ? undefined : await resources.find<AlarmBody>(caller, alarmType, name);
    if (alarm?.arn === arn) return alarm;
    throw awsError("ResourceNotFoundException", `There is no alarm ${arn}.`, {
      fields: { ResourceType: "alarm", ResourceId: arn },
    });
  }
  return {
    async tagResource(input: TagResourceInput, caller: Caller): Promise<object> {
      const alarm = await requireAlarm(caller, input.ResourceARN);
      await sql.transaction((transaction) => writeAlarmTags(transaction, alarm, input.Tags));
      return {};
    },
    async untagResource(input: UntagResourceInput, caller: Caller): Promise<object> {
      const alarm = await requireAlarm(caller, input.ResourceARN);
      await deleteResourceTags(sql, alarm.id, input.TagKeys ?? []);
      return {};
    },
    async listTagsForResource(input: ListTagsForResourceInput, caller: Caller): Promise<ListTagsForResourceOutput> {
      return { Tags: await readResourceTags(sql, (await requireAlarm(caller, input.ResourceARN)).id) };
    },
  };
}
