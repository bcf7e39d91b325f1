import type {
  DescribeAlarmsForMetricInput,
  DescribeAlarmsForMetricOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  hashDimensions,
  type Resource,
  type ResourcePage,
  type ResourceQuery,
  type Resources,
  StoreError,
} from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { type AlarmBody, type AlarmConfiguration, alarmType, describeAlarm } from "./alarm-body.ts";
import { readDimensions } from "./put-metric-data.ts";

export const alarmListConstraints: Constraints = {
  "DescribeAlarmsInput.AlarmNames": { max: 100 },
  "DescribeAlarmsInput.AlarmNamePrefix": { min: 1, max: 255 },
  "DescribeAlarmsInput.ActionPrefix": { min: 1, max: 1024 },
  "DescribeAlarmsInput.MaxRecords": { min: 1, max: 100 },
  "DescribeAlarmsForMetricInput.MetricName": { min: 1, max: 255 },
  "DescribeAlarmsForMetricInput.Namespace": { min: 1, max: 255, pattern: "[^:].*" },
};

const pageSize = 100;

/** DescribeAlarms and DescribeAlarmsForMetric. There are metric alarms only. */
export function createAlarmListOperations({ resources }: { readonly resources: Resources }) {
  async function describeAlarms(input: DescribeAlarmsInput, caller: Caller): Promise<DescribeAlarmsOutput> {
    const { AlarmNames, AlarmNamePrefix, AlarmTypes = ["MetricAlarm"], StateValue, ActionPrefix } = input;
    if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined)
      throw awsError("ValidationError", "Rondo has no composite alarms: no alarm has children or parents.");
    if (AlarmNames !== undefined && AlarmNamePrefix !== undefined)
      throw awsError("ValidationError", "AlarmNames and AlarmNamePrefix must not both be specified.");
    if (!AlarmTypes.includes("MetricAlarm")) return { MetricAlarms: [], CompositeAlarms: [] };
    const isWanted = ({ status, body }: Resource<AlarmBody>): boolean =>
      (StateValue === undefined || status === StateValue) && hasAction(body.configuration, ActionPrefix);
    const page =
      AlarmNames === undefined
        ? await listAlarms(resources, {
            ...ownerOf(caller),
            namePrefix: AlarmNamePrefix,
            status: StateValue,
            limit: input.MaxRecords ?? 50,
            nextToken: input.NextToken,
          })
        : { resources: await findAlarms(resources, caller, AlarmNames) };
    return {
      MetricAlarms: page.resources.filter(isWanted).map(describeAlarm),
      CompositeAlarms: [],
      NextToken: page.nextToken,
    };
  }

  async function describeAlarmsForMetric(
    input: DescribeAlarmsForMetricInput,
    caller: Caller,
  ): Promise<DescribeAlarmsForMetricOutput> {
    const MetricAlarms: MetricAlarm[] = [];
    let nextToken: string | undefined;
    do {
      const page: ResourcePage<AlarmBody> = await listAlarms(resources, {
        ...ownerOf(caller),
        limit: pageSize,
        nextToken,
      });
      const watching = page.resources.filter(({ body }) => watches(body.configuration, input));
      MetricAlarms.push(...watching.map(describeAlarm));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    return { MetricAlarms };
  }

  return { describeAlarms, describeAlarmsForMetric };
}

function ownerOf({ accountId, region }: Caller) {
  return { accountId, region };
}

async function listAlarms(
  resources: Resources,
  query: Omit<ResourceQuery, "type" | "sortBy">,
): Promise<ResourcePage<AlarmBody>> {
  try {
    return await resources.list<AlarmBody>({ ...query, type: alarmType, sortBy: "name" });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "InvalidToken") throw error;
    throw awsError("InvalidNextToken", "The value for parameter NextToken is invalid.");
  }
}

/** Those of the names that there are, in their order. */
export async function findAlarms(
  resources: Pick<Resources, "find">,
  caller: Caller,
  names: readonly string[],
): Promise<Resource<AlarmBody>[]> {
  const found = await Promise.all(
    [...new Set(names)].map((name) => resources.find<AlarmBody>(caller, alarmType, name)),
  );
  return found.filter((alarm) => alarm !== undefined);
}

function hasAction(configuration: AlarmConfiguration, prefix: string | undefined): boolean {
  if (prefix === undefined) return true;
  const { OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = configuration;
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions].some((action) => action.startsWith(prefix));
}

function watches(configuration: AlarmConfiguration, input: DescribeAlarmsForMetricInput): boolean {
  const { MetricName, Namespace, Dimensions } = configuration;
  if (MetricName !== input.MetricName || Namespace !== input.Namespace) return false;
  const same = (["Statistic", "ExtendedStatistic", "Period", "Unit"] as const).every(
    (member) => input[member] === undefined || input[member] === configuration[member],
  );
  const wanted = readDimensions(input.Dimensions, "DescribeAlarmsForMetric");
  return same && hashDimensions(readDimensions(Dimensions, "Alarm")) === hashDimensions(wanted);
}
