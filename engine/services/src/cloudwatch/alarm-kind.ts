import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Metrics, Resource, ResourcePatch, Resources, Sql } from "@rondo/store";
import { createPublisher } from "../sns/publisher.ts";
import { type AlarmBody, type AlarmConfiguration, alarmPeriod, alarmType } from "./alarm-body.ts";
import { nextEvaluation, readAlarmDatapoints } from "./alarm-datapoints.ts";
import { type AlarmRule, evaluateAlarm } from "./alarm-evaluation.ts";
import { stateReason, stateReasonData } from "./alarm-reason.ts";
import { prepareTransition } from "./alarm-transition.ts";

export interface AlarmKindDependencies {
  readonly sql: Sql;
  readonly metrics: Metrics;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** Evaluates an alarm again and again. The new state, its history and its messages are written in one transaction. */
export function createAlarmKind({ sql, resources, metrics, clock }: AlarmKindDependencies): ResourceKind<AlarmBody> {
  const publisher = createPublisher({ resources, clock });

  async function reconcile(alarm: Resource<AlarmBody>, context: ReconcileContext): Promise<ResourcePatch<AlarmBody>> {
    const now = clock.now();
    const { configuration } = alarm.body;
    const rule = alarmRule(configuration);
    const due = nextEvaluation({ id: alarm.id, period: alarmPeriod(configuration), now });
    const range = await readAlarmDatapoints(metrics, { ...rule, owner: alarm, configuration, now });
    const evaluation = evaluateAlarm(rule, range);
    const to = evaluation.state;
    if (to === undefined || to === alarm.status) return { due };
    const transition = await prepareTransition(publisher, alarm, {
      to,
      reason: stateReason(rule, evaluation, { from: alarm.status, to }),
      reasonData: stateReasonData(rule, evaluation, { configuration, now }),
      at: now,
    });
    context.crashPoint("alarm-evaluated");
    await sql.transaction(async (transaction) => {
      await context.save(alarm, { ...transition.patch, due }, transaction);
      await transition.write(transaction);
    });
    context.crashPoint("alarm-told");
    return { due };
  }

  return {
    type: alarmType,
    reconcile,
    // What cannot be read now may be readable later, and an alarm must not stay silent for ever.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: () => ({ due: null }),
  };
}

function alarmRule(configuration: AlarmConfiguration): AlarmRule {
  const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData } = configuration;
  return {
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: DatapointsToAlarm ?? EvaluationPeriods,
    threshold: Threshold,
    comparisonOperator: ComparisonOperator,
    treatMissingData: TreatMissingData ?? "missing",
  };
}
