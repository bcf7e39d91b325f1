import type { Constraints } from "@rondo/wire";
import { alarmHistoryConstraints, createDescribeAlarmHistory } from "./alarm-history.ts";
import { alarmListConstraints, createAlarmListOperations } from "./alarm-list.ts";
import { type AlarmStateDependencies, alarmStateConstraints, createAlarmStateOperations } from "./alarm-state.ts";
import { alarmTagConstraints, createAlarmTagOperations } from "./alarm-tags.ts";
import { createPutMetricAlarm, putMetricAlarmConstraints } from "./put-metric-alarm.ts";

export const alarmConstraints: Constraints = {
  ...putMetricAlarmConstraints,
  ...alarmListConstraints,
  ...alarmStateConstraints,
  ...alarmHistoryConstraints,
  ...alarmTagConstraints,
};

/** CloudWatch's operations on alarms, by AWS's names. */
export function createAlarmOperations(dependencies: AlarmStateDependencies) {
  const lists = createAlarmListOperations(dependencies);
  const states = createAlarmStateOperations(dependencies);
  const tags = createAlarmTagOperations(dependencies);
  return {
    PutMetricAlarm: createPutMetricAlarm(dependencies),
    DescribeAlarms: lists.describeAlarms,
    DescribeAlarmsForMetric: lists.describeAlarmsForMetric,
    DescribeAlarmHistory: createDescribeAlarmHistory(dependencies),
    DeleteAlarms: states.deleteAlarms,
    SetAlarmState: states.setAlarmState,
    EnableAlarmActions: states.enableAlarmActions,
    DisableAlarmActions: states.disableAlarmActions,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    ListTagsForResource: tags.listTagsForResource,
  };
}
