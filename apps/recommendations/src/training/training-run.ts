import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import { SOLUTIONS } from "../personalize/solutions.ts";
import { type Begun, isDueEvery, type Run, type RunKind } from "../runs/run.ts";
import { latestRun } from "../runs/run-store.ts";
import { hasOrders } from "../sample/has-orders.ts";
import { awaitDeployed, noteTwins, startDeploying, track } from "./deploy-steps.ts";
import { readHoldOut } from "./hold-out.ts";
import { awaitJudging, choosePassed, clearJudging, judge, startJudging } from "./judge-steps.ts";
import { PREPARE_STEPS, type PrepareStep, prepare } from "./prepare-steps.ts";
import type { StepResult, Target, TrainingRun, TrainingState } from "./training-state.ts";

/** Between two looks at what Personalize is doing. */
const LOOK_MS = 2_000;

const of = (target: Target) => PREPARE_STEPS.map((step) => `${target}: ${step}`);

const [SET_UP = "", ...THEN] = of("production");
/** Before anything is exported there is a tracker: whatever comes in after the export leaves as an event. */
const PRODUCTION = [SET_UP, "track", ...THEN, "deploy", "deploying"];
const JUDGEMENT = [...of("judgement"), "compare", "comparing", "judge", "clear away"];

/** The first versions go live as soon as they are there, and are judged afterwards; every later one is judged first. */
export const FIRST_PLAN = [...PRODUCTION, ...JUDGEMENT, "note twins"];
export const LATER_PLAN = [...JUDGEMENT, "choose", ...PRODUCTION, "note twins"];

const OTHER_STEPS: Readonly<Record<string, (context: ApplicationContext, run: TrainingRun) => Promise<StepResult>>> = {
  compare: startJudging,
  comparing: awaitJudging,
  judge,
  "clear away": clearJudging,
  // What is worse than the live version is not trained on all data, and so does not go live.
  choose: choosePassed,
  deploy: startDeploying,
  deploying: awaitDeployed,
  track,
  "note twins": noteTwins,
};

/** Trains all three solutions on all data (P-19, P-20, P-22, P-23). */
export function trainingRun(context: ApplicationContext): RunKind<TrainingState> {
  const { settings, clock, database } = context;
  return {
    name: "training",
    begin: () => beginTraining(context, { trainingMode: "FULL", solutions: SOLUTIONS }),
    async isDue(latest) {
      if (!isDueEvery(settings.trainingIntervalHours, latest, clock.now())) return false;
      return (await hasOrders(database)) && hasEnough(context);
    },
    advance: (run) => advance(context, run),
  };
}

/** Trains the user personalization on with the newest data (P-24). Only its recipe can. */
export function updateRun(context: ApplicationContext): RunKind<TrainingState> {
  const { settings, clock, database } = context;
  return {
    name: "update",
    begin: () => beginTraining(context, { trainingMode: "UPDATE", solutions: ["user-personalization"] }),
    async isDue(latest) {
      const training = await latestRun(database, "training");
      if (training?.status !== "Succeeded") return false;
      const newest = [latest, training]
        .filter((run) => run !== undefined)
        .toSorted((one, two) => two.started_at.getTime() - one.started_at.getTime());
      return isDueEvery(settings.updateIntervalHours, newest[0], clock.now());
    },
    advance: (run) => advance(context, run),
  };
}

async function beginTraining(
  { database, settings }: ApplicationContext,
  work: Pick<TrainingState, "trainingMode" | "solutions">,
): Promise<Begun<TrainingState>> {
  const holdOut = await readHoldOut(database, settings.holdOutDays);
  if (holdOut === undefined) throw new Error("There are no orders to train on.");
  const isFirst = (await readFact(database, "campaigns")) === undefined;
  const plan = isFirst ? FIRST_PLAN : LATER_PLAN;
  const state: TrainingState = {
    ...work,
    plan,
    through: holdOut.to.toISOString(),
    heldOutFrom: holdOut.from.toISOString(),
    targets: { production: {}, judgement: {} },
  };
  return { state, step: plan[0] ?? "" };
}

/** Personalize trains on no less than 1,000 interactions of 25 users with two or more. */
async function hasEnough({ database }: ApplicationContext): Promise<boolean> {
  const [row] = await database.query<{ enough: boolean }>(
    `select (select count(*) from (select 1 from recommendations.order_items limit 1000) as lines) = 1000 and (
       select count(*) from (
         select 1 from recommendations.orders join recommendations.order_items using (order_id) group by unified_customer_id having count(*) >= 2 limit 25
       ) as buyers) = 25 as enough`,
  );
  return row?.enough === true;
}

async function advance(context: ApplicationContext, run: Run<TrainingState>) {
  const { plan } = run.state;
  const { state, isOver } = await takeStep(context, run);
  if (!isOver) return { state, step: run.step, afterMs: LOOK_MS };
  const next = plan[plan.indexOf(run.step) + 1];
  // Nothing has passed: what is live stays.
  return { state, step: state.solutions.length === 0 ? undefined : next };
}

async function takeStep(context: ApplicationContext, run: TrainingRun): Promise<StepResult> {
  // Both kinds make versions of the same solutions: the later one waits.
  if (run.step === run.state.plan[0] && (await isOtherAhead(context, run))) return { state: run.state, isOver: false };
  const [target, step] = run.step.split(": ");
  if (step !== undefined) return prepare(context, run, { target: target as Target, step: step as PrepareStep });
  const other = OTHER_STEPS[run.step];
  if (other === undefined) throw new Error(`A training has no step ${run.step}.`);
  return other(context, run);
}

async function isOtherAhead({ database }: ApplicationContext, { kind, started_at }: TrainingRun): Promise<boolean> {
  const other = await latestRun(database, kind === "training" ? "update" : "training");
  return other?.status === "Running" && other.started_at < started_at;
}
