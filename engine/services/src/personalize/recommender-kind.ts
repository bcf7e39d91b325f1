import type { RecommenderConfig } from "@aws-sdk/client-personalize";
import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { ResourcePatch } from "@rondo/store";
import { randomRunSuffix } from "../jobs/job-run-id.ts";
import { isPending } from "./campaign-body.ts";
import type { LiveVersion, ModelPreparation } from "./live-version.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import type { Recommender, RecommenderBody, RecommenderUpdate } from "./recommender-body.ts";
import { createRecommenderTrainings, type RecommenderTrainingDependencies } from "./recommender-training.ts";
import { createRecommenderTransitions } from "./recommender-transitions.ts";

/** Where tests kill the server. */
export const recommenderCrashPoints = ["recommender:named", "recommender:begun", "recommender:prepared"];
export const recommenderDeletionCrashPoints = ["recommender:swept"];

/** How often a training that goes on is looked at. */
const POLL_MS = 1000;

export interface RecommenderKindDependencies extends RecommenderTrainingDependencies {
  readonly models: ModelPreparation;
  /** Makes what distinguishes a training from every other one: 12 hexadecimal digits. Default: random. */
  readonly createId?: () => string;
}

type Patch = ResourcePatch<RecommenderBody>;

/**
 * Recommenders train by themselves when they are created, when what they train on is changed, and every seven days. As with campaigns the new model is in
 * memory before the row names it.
 */
export function createRecommenderKind(dependencies: RecommenderKindDependencies): ResourceKind<RecommenderBody> {
  const { clock, models } = dependencies;
  const trainings = createRecommenderTrainings(dependencies);
  const become = createRecommenderTransitions(clock);
  const train = createTrainingStep(dependencies);
  const steps = { DELETE: remove, STOP: stop, START: start, CREATE: create } as const;

  async function reconcile(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    const { status } = recommender;
    if (status === "CREATE FAILED" || status === "INACTIVE") return { due: null };
    const word = (Object.keys(steps) as (keyof typeof steps)[]).find((begin) => status.startsWith(begin));
    return word === undefined ? await keep(recommender, context) : await steps[word](recommender, context);
  }

  async function create(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    return await train(recommender, recommender.body.recommenderConfig, context);
  }

  /** Of one that is ACTIVE: does what an update asks for, and trains again in time. */
  async function keep(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    const { body } = recommender;
    if (isPending(body.update) && body.update !== undefined) {
      if (!needsTraining(body, body.update)) return become.active(body);
      return await train(recommender, body.update.recommenderConfig, context);
    }
    const next = become.nextTraining(body);
    const isDue = next !== null && next <= clock.now();
    if (isDue || body.training !== undefined) return await train(recommender, body.recommenderConfig, context);
    await trainings.sweep(recommender, trainingOf(body.live), context.signal);
    return { due: next };
  }

  async function stop(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    const { live, training: _stopped, ...body } = recommender.body;
    await trainings.sweep(recommender, trainingOf(live), context.signal);
    return { status: "INACTIVE", body: { ...body, ...(live && { paused: live }) }, due: null };
  }

  async function start(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    const { paused, ...body } = recommender.body;
    if (paused === undefined) throw new Error(`${recommender.arn} has no model to start with.`);
    await models.prepare(paused.modelUri, context.signal);
    return become.active({ ...body, live: paused });
  }

  async function remove(recommender: Recommender, context: ReconcileContext): Promise<Patch> {
    const goOn = await trainings.sweep(recommender, undefined, context.signal);
    context.crashPoint("recommender:swept");
    if (goOn) return { status: "DELETE IN_PROGRESS", due: new Date(clock.now().getTime() + POLL_MS) };
    await dependencies.resources.delete(recommender);
    return {};
  }

  function giveUp(recommender: Recommender, reason: string): Patch {
    const { status } = recommender;
    if (status.startsWith("START")) return { status: "INACTIVE", due: null };
    return /^(DELETE|STOP)/.test(status) ? { status, due: become.tomorrow() } : become.failed(recommender, reason);
  }

  return { type: personalizeType("recommender"), reconcile, giveUp };
}

/** Begins a training, waits for it, and goes to its model. */
function createTrainingStep(dependencies: RecommenderKindDependencies) {
  const { clock, models, createId = randomRunSuffix } = dependencies;
  const trainings = createRecommenderTrainings(dependencies);
  const become = createRecommenderTransitions(clock);

  /** Names the training before it is created, so that a repetition creates no other one. */
  async function begin(recommender: Recommender, context: ReconcileContext): Promise<Recommender> {
    const { update, live } = recommender.body;
    const training = `${recommender.name}/${createId().slice(0, 8)}`;
    const begun = update !== undefined && isPending(update) && become.progressed(update, "CREATE IN_PROGRESS");
    const body = { ...recommender.body, ...(begun && { update: begun }), training };
    const saved = await context.save(recommender, { body, ...(live ? {} : { status: "CREATE IN_PROGRESS" }) });
    context.crashPoint("recommender:named");
    return saved;
  }

  return async (claimed: Recommender, config: RecommenderConfig, context: ReconcileContext): Promise<Patch> => {
    // A training that goes on when an update comes is not of what the update asks for.
    const isNew = claimed.body.training === undefined || claimed.body.update?.status === "CREATE PENDING";
    const recommender = isNew ? await begin(claimed, context) : claimed;
    const name = recommender.body.training ?? "";
    const training = await trainings.ensure(recommender, name, config);
    context.crashPoint("recommender:begun");
    if (training.status === "InProgress" || training.status === "Stopping") {
      return { due: new Date(clock.now().getTime() + POLL_MS) };
    }
    const { modelUri, failureReason = "The training was stopped." } = training.body;
    if (modelUri === undefined) return become.failed(recommender, failureReason);
    await models.prepare(modelUri, context.signal);
    context.crashPoint("recommender:prepared");
    return become.trained(recommender, training, modelUri);
  };
}

/** Whether an update changes what the model is trained on. */
function needsTraining({ recommenderConfig }: RecommenderBody, update: RecommenderUpdate): boolean {
  const [former, next] = [recommenderConfig, update.recommenderConfig].map(
    ({ trainingDataConfig }) => trainingDataConfig,
  );
  return JSON.stringify(former ?? {}) !== JSON.stringify(next ?? {});
}

/** The name of the training that a model comes from. */
function trainingOf(live: LiveVersion | undefined): string | undefined {
  return parsePersonalizeArn(live?.solutionVersionArn ?? "", "recommender-training")?.name;
}
