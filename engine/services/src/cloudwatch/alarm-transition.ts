import {
  type AlarmEvent,
  appendAlarmHistory,
  type Resource,
  type ResourcePatch,
  type SqlConnection,
} from "@rondo/store";
import type { PreparedMessage, Publisher } from "../sns/publisher.ts";
import type { AlarmBody, AlarmConfiguration, StateValue } from "./alarm-body.ts";
import { alarmMessage, type StateChange } from "./alarm-message.ts";

export interface PreparedTransition {
  /** Of the alarm's row. */
  readonly patch: ResourcePatch<AlarmBody>;
  /** Writes history and messages, in the transaction that writes the patch: so each transition is told once. */
  write(connection: SqlConnection): Promise<void>;
}

/** A change of an alarm's state with its actions. An action whose topic is gone is noted in the history as failed. */
export async function prepareTransition(
  publisher: Publisher,
  alarm: Resource<AlarmBody>,
  change: StateChange,
): Promise<PreparedTransition> {
  const { configuration } = alarm.body;
  const hasChanged = change.to !== alarm.status;
  const actions = hasChanged && configuration.ActionsEnabled ? actionsOf(configuration, change.to) : [];
  const message = alarmMessage(alarm, change);
  const prepared = await Promise.all(
    actions.map(async (topic) => ({ topic, publish: await publisher.prepare(topic, message) })),
  );
  return {
    patch: {
      status: change.to,
      body: {
        ...alarm.body,
        stateReason: change.reason,
        stateReasonData: change.reasonData,
        stateUpdatedAt: change.at.toISOString(),
      },
    },
    async write(connection) {
      if (hasChanged) await appendAlarmHistory(connection, alarm, [stateEvent(alarm, change)]);
      for (const { topic, publish } of prepared) {
        await publish?.(connection);
        await appendAlarmHistory(connection, alarm, [actionEvent(alarm, change, { topic, publish })]);
      }
    },
  };
}

function actionsOf(configuration: AlarmConfiguration, to: StateValue): readonly string[] {
  const { OKActions, AlarmActions, InsufficientDataActions } = configuration;
  return { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[to] ?? [];
}

function stateEvent(alarm: Resource<AlarmBody>, { to, reason, reasonData, at }: StateChange): AlarmEvent {
  const { stateReason, stateReasonData } = alarm.body;
  return {
    alarmName: alarm.name,
    itemType: "StateUpdate",
    at,
    summary: `Alarm updated from ${alarm.status} to ${to}`,
    data: {
      version: "1.0",
      oldState: { stateValue: alarm.status, stateReason, stateReasonData: parsed(stateReasonData) },
      newState: { stateValue: to, stateReason: reason, stateReasonData: parsed(reasonData) },
    },
  };
}

function actionEvent(
  alarm: Resource<AlarmBody>,
  { to, at }: StateChange,
  { topic, publish }: { readonly topic: string; readonly publish: PreparedMessage | undefined },
): AlarmEvent {
  const outcome = publish === undefined ? "Failed" : "Succeeded";
  return {
    alarmName: alarm.name,
    itemType: "Action",
    at,
    summary:
      publish === undefined
        ? `Failed to execute action ${topic}. Received error: "Topic does not exist"`
        : `Successfully executed action ${topic}`,
    data: { actionState: outcome, stateUpdateTimestamp: at.getTime(), notificationResource: topic, newStateValue: to },
  };
}

function parsed(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return json; // SetAlarmState takes any text
  }
}
