import type {
  DescribeTimeToLiveInput,
  DescribeTimeToLiveOutput,
  UpdateTimeToLiveInput,
  UpdateTimeToLiveOutput,
} from "@aws-sdk/client-dynamodb";
import type { Caller, Constraints } from "@rondo/wire";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { validationError } from "./validation-error.ts";
import { writeTable } from "./write-table.ts";

/** UpdateTimeToLive and DescribeTimeToLive. */
export function createTimeToLiveOperations({ resources, tables }: DynamoDbDependencies) {
  async function updateTimeToLive(input: UpdateTimeToLiveInput, caller: Caller): Promise<UpdateTimeToLiveOutput> {
    const { AttributeName: attribute = "", Enabled: isEnabled = false } = input.TimeToLiveSpecification ?? {};
    const table = await tables.require(caller, input.TableName);
    const { timeToLive, lastIndexId } = table.body;
    if (timeToLive?.status === "ENABLING" || timeToLive?.status === "DISABLING") {
      throw validationError("Time to live has been modified multiple times within a fixed interval");
    }
    if (isEnabled && timeToLive !== undefined) throw validationError("TimeToLive is already enabled");
    if (!isEnabled && timeToLive === undefined) throw validationError("TimeToLive is already disabled");
    if (timeToLive !== undefined && timeToLive.attribute !== attribute) {
      throw validationError(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive.attribute}`,
      );
    }
    const next =
      timeToLive === undefined
        ? { attribute, indexId: lastIndexId + 1, status: "ENABLING" as const }
        : { ...timeToLive, status: "DISABLING" as const };
    const body = { ...table.body, timeToLive: next, lastIndexId: Math.max(lastIndexId, next.indexId) };
    await writeTable(resources, table, { body, due: "now" });
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: isEnabled } };
  }

  async function describeTimeToLive(input: DescribeTimeToLiveInput, caller: Caller): Promise<DescribeTimeToLiveOutput> {
    const { timeToLive } = (await tables.require(caller, input.TableName)).body;
    if (timeToLive === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } };
    const { attribute: AttributeName, status: TimeToLiveStatus } = timeToLive;
    return { TimeToLiveDescription: { AttributeName, TimeToLiveStatus } };
  }

  return { updateTimeToLive, describeTimeToLive };
}

export const timeToLiveConstraints: Constraints = {
  "TimeToLiveSpecification.AttributeName": { min: 1, max: 255 },
};
