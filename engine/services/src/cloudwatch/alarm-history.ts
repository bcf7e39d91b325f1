import type { DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput } from "@aws-sdk/client-cloudwatch";
import { listAlarmHistory, type Sql } from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { readNextToken } from "./next-token.ts";

export const alarmHistoryConstraints: Constraints = {
  "DescribeAlarmHistoryInput.AlarmName": { min: 1, max: 255 },
  "DescribeAlarmHistoryInput.MaxRecords": { min: 1, max: 100 },
};

interface Place {
  /** ISO. */
  readonly at: string;
  readonly id: number;
}

/** DescribeAlarmHistory: 30 days back, also of alarms that were deleted. */
export function createDescribeAlarmHistory({ sql }: { readonly sql: Sql }) {
  return async function describeAlarmHistory(
    input: DescribeAlarmHistoryInput,
    caller: Caller,
  ): Promise<DescribeAlarmHistoryOutput> {
    const { AlarmTypes = ["MetricAlarm"], MaxRecords: limit = 50 } = input;
    if (!AlarmTypes.includes("MetricAlarm")) return { AlarmHistoryItems: [] };
    const place = readNextToken(input.NextToken, isPlace);
    const found = await listAlarmHistory(sql, {
      accountId: caller.accountId,
      region: caller.region,
      alarmName: input.AlarmName,
      itemType: input.HistoryItemType,
      from: input.StartDate,
      to: input.EndDate,
      order: input.ScanBy === "TimestampAscending" ? "ascending" : "descending",
      after: place && { at: new Date(place.at), id: place.id },
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      AlarmHistoryItems: page.map(({ alarmName, itemType, at, summary, data }) => ({
        AlarmName: alarmName,
        AlarmType: "MetricAlarm",
        Timestamp: at,
        HistoryItemType: itemType,
        HistorySummary: summary,
        HistoryData: JSON.stringify(data),
      })),
      NextToken: found.length > limit && last ? writePageToken({ at: last.at.toISOString(), id: last.id }) : undefined,
    };
  };
}

function isPlace(value: Partial<Place>): value is Place {
  return typeof value.at === "string" && !Number.isNaN(Date.parse(value.at)) && Number.isSafeInteger(value.id);
}
