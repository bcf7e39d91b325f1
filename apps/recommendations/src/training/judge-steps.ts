import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import { deleteBatch, isBatchDone, readBatch, startBatch } from "../personalize/batch-inference.ts";
import type { Solution } from "../personalize/solutions.ts";
import { type HoldOut, type JudgedSubject, popularList, readPopularBefore, readSubjects } from "./hold-out.ts";
import { type JudgedList, type Judgement, judgeCandidate } from "./judgement.ts";
import { noteVersion } from "./note-version.ts";
import { measureRevenueCurve } from "./revenue-curve.ts";
import type { StepResult, TrainingRun, TrainingState } from "./training-state.ts";

/** Lists that are judged have ten places; what a batch job gives by default. */
const RESULTS = 25;

/** Asks the candidate's twin and the live version's twin for the lists of the hold-out's users. */
export async function startJudging(context: ApplicationContext, run: TrainingRun): Promise<StepResult> {
  const { state } = run;
  const { versions = {}, roleArn = "" } = state.targets.judgement;
  const twins = await readFact(context.database, "twins");
  const jobs: Record<string, string> = {};
  for (const solution of state.solutions) {
    const subjects = await readSubjects(context.database, solution, holdOutOf(state));
    if (subjects.length === 0) continue;
    for (const [role, solutionVersionArn] of [
      ["candidate", versions[solution]],
      ["live", twins?.[solution]],
    ] as const) {
      if (solutionVersionArn === undefined) continue;
      const name = jobName(run, solution, role);
      const job = { name, solutionVersionArn, roleArn, numResults: RESULTS };
      jobs[name] = await startBatch(context, job, inputsOf(subjects));
    }
  }
  return { state: { ...state, jobs }, isOver: true };
}

async function* inputsOf(subjects: readonly JudgedSubject[]) {
  yield subjects.map(({ input }) => input);
}

/** Whether all lists are there. */
export async function awaitJudging(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  for (const arn of Object.values(state.jobs ?? {})) {
    if (!(await isBatchDone(context, arn))) return { state, isOver: false };
  }
  return { state, isOver: true };
}

/** Compares the lists with what was bought. */
export async function judge(context: ApplicationContext, run: TrainingRun): Promise<StepResult> {
  const { state } = run;
  const holdOut = holdOutOf(state);
  const popular = await readPopularBefore(context.database, holdOut);
  const judgements: Partial<Record<Solution, Judgement>> = {};
  for (const solution of state.solutions) {
    const subjects = await readSubjects(context.database, solution, holdOut);
    const listsOf = async (role: "candidate" | "live"): Promise<JudgedList[] | undefined> => {
      const name = jobName(run, solution, role);
      return state.jobs?.[name] === undefined ? undefined : readLists(context, { name, subjects });
    };
    const candidate = await listsOf("candidate");
    if (candidate === undefined) continue;
    const seed = Number.parseInt(run.run_id.slice(0, 8), 16);
    const judgement = judgeCandidate({
      ...holdOut,
      candidate,
      live: await listsOf("live"),
      popular: subjects.map((subject) => ({
        recommended: popularList(subject, popular),
        wanted: new Set(subject.wanted),
      })),
      margin: context.settings.margin,
      seed,
    });
    const isOfUsers = solution === "user-personalization";
    const revenue_curve = isOfUsers ? await measureRevenueCurve(context.database, candidate, seed) : undefined;
    judgements[solution] = { ...judgement, ...(revenue_curve !== undefined && { revenue_curve }) };
  }
  // The first versions went live before they were judged.
  for (const [solution, judgement] of Object.entries(judgements)) {
    await context.database.query(
      "update recommendations.model_versions set judgement = $3::jsonb where run_id = $1 and solution = $2",
      [run.run_id, solution, JSON.stringify(judgement)],
    );
  }
  return { state: { ...state, judgements }, isOver: true };
}

/** The lists of a job in the order of the subjects; one that the model could not answer is empty. */
async function readLists(
  context: ApplicationContext,
  { name, subjects }: { readonly name: string; readonly subjects: readonly JudgedSubject[] },
): Promise<JudgedList[]> {
  const lists = new Map<string, readonly string[]>();
  for await (const { input, items } of readBatch(context, name)) {
    const id = input.userId ?? input.itemId ?? "";
    lists.set(
      id,
      items.map(({ itemId }) => itemId).filter((item) => item !== input.itemId),
    );
  }
  return subjects.map(({ id, wanted }) => ({ recommended: lists.get(id) ?? [], wanted: new Set(wanted) }));
}

/** Deletes the lists that were compared. */
export async function clearJudging(context: ApplicationContext, { state }: TrainingRun): Promise<StepResult> {
  for (const name of Object.keys(state.jobs ?? {})) await deleteBatch(context, name);
  return { state, isOver: true };
}

/** Goes on with the solutions whose new version is not worse; the others stay as they are, and what was found is kept. */
export async function choosePassed(context: ApplicationContext, run: TrainingRun): Promise<StepResult> {
  const { state } = run;
  const { versions = {} } = state.targets.judgement;
  const isPassed = (solution: Solution): boolean => state.judgements?.[solution]?.isNotWorse ?? false;
  for (const solution of state.solutions) {
    const version = versions[solution];
    if (version !== undefined && !isPassed(solution)) await noteVersion(context, run, { solution, version });
  }
  return { state: { ...state, solutions: state.solutions.filter(isPassed) }, isOver: true };
}

function jobName({ run_id }: TrainingRun, solution: Solution, role: "candidate" | "live"): string {
  return `${run_id.slice(0, 8)}-${solution}-${role}`;
}

function holdOutOf({ heldOutFrom, through }: TrainingState): HoldOut {
  return { from: new Date(heldOutFrom), to: new Date(through) };
}
