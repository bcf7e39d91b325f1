import type {
  DeleteAlarmsInput,
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  SetAlarmStateInput,
} from "@aws-sdk/client-cloudwatch";
import { appendAlarmHistory } from "@rondo/store";
import { type AwsError, awsError, type Caller, type Constraints } from "@rondo/wire";
import type { Publisher } from "../sns/publisher.ts";
import { type AlarmBody, alarmType } from "./alarm-body.ts";
import { findAlarms } from "./alarm-list.ts";
import { prepareTransition } from "./alarm-transition.ts";
import type { AlarmDependencies } from "./put-metric-alarm.ts";

export const alarmStateConstraints: Constraints = {
  "SetAlarmStateInput.AlarmName": { min: 1, max: 255 },
  "SetAlarmStateInput.StateReason": { max: 1023 },
  "SetAlarmStateInput.StateReasonData": { max: 4000 },
  "DeleteAlarmsInput.AlarmNames": { max: 100 },
  "EnableAlarmActionsInput.AlarmNames": { max: 100 },
  "DisableAlarmActionsInput.AlarmNames": { max: 100 },
};

export interface AlarmStateDependencies extends AlarmDependencies {
  readonly publisher: Publisher;
}

/** SetAlarmState, DeleteAlarms, EnableAlarmActions and DisableAlarmActions. */
export function createAlarmStateOperations({ sql, resources, publisher, clock }: AlarmStateDependencies) {
  /** The next evaluation may set it back, as with AWS. */
  async function setAlarmState(input: SetAlarmStateInput, caller: Caller): Promise<object> {
    const { AlarmName: name = "", StateValue: to = "OK", StateReason: reason = "" } = input;
    const alarm = await resources.find<AlarmBody>(caller, alarmType, name);
    if (alarm === undefined) throw alarmsNotFound([name]);
    const change = { to, reason, reasonData: input.StateReasonData, at: clock.now() };
    const transition = await prepareTransition(publisher, alarm, change);
    await sql.transaction(async (transaction) => {
      const locked = await resources.findForUpdate<AlarmBody>(caller, alarmType, name, transaction);
      if (locked === undefined) throw alarmsNotFound([name]);
      if (locked.status !== alarm.status)
        throw awsError("ConcurrentModificationException", `The alarm ${name} was just changing its state: try again.`);
      const { patch } = transition;
      const body = patch.body && { ...patch.body, configuration: locked.body.configuration };
      await resources.update(locked, { ...patch, body }, transaction);
      await transition.write(transaction);
    });
    return {};
  }

  async function deleteAlarms(input: DeleteAlarmsInput, caller: Caller): Promise<object> {
    const names = input.AlarmNames ?? [];
    const alarms = await findAlarms(resources, caller, names);
    const missing = names.filter((name) => !alarms.some((alarm) => alarm.name === name));
    if (missing.length > 0) throw alarmsNotFound(missing);
    const at = clock.now();
    await sql.transaction(async (transaction) => {
      for (const alarm of alarms) {
        await resources.delete(alarm, transaction);
        const data = { version: "1.0", type: "Delete", deletedAlarm: alarm.body.configuration };
        const summary = `Alarm "${alarm.name}" deleted`;
        await appendAlarmHistory(transaction, alarm, [
          { alarmName: alarm.name, itemType: "ConfigurationUpdate", at, summary, data },
        ]);
      }
    });
    return {};
  }

  async function switchActions(names: readonly string[], caller: Caller, ActionsEnabled: boolean): Promise<object> {
    await sql.transaction(async (transaction) => {
      for (const name of [...new Set(names)].sort()) {
        const alarm = await resources.findForUpdate<AlarmBody>(caller, alarmType, name, transaction);
        if (alarm === undefined) continue; // AWS passes over unknown names
        const configuration = { ...alarm.body.configuration, ActionsEnabled };
        await resources.update(alarm, { body: { ...alarm.body, configuration } }, transaction);
      }
    });
    return {};
  }

  return {
    setAlarmState,
    deleteAlarms,
    enableAlarmActions: (input: EnableAlarmActionsInput, caller: Caller) =>
      switchActions(input.AlarmNames ?? [], caller, true),
    disableAlarmActions: (input: DisableAlarmActionsInput, caller: Caller) =>
      switchActions(input.AlarmNames ?? [], caller, false),
  };
}

function alarmsNotFound(names: readonly string[]): AwsError {
  return awsError("ResourceNotFound", `Alarm(s) do not exist: ${names.join(", ")}`);
}
