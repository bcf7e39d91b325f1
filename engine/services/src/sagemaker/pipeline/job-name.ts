/** The longest name of a job, model or endpoint. */
const MAX_NAME = 63;
const RANDOM_LENGTH = 10;

export interface JobNameParts {
  readonly executionId: string;
  readonly stepName: string;
  /** Ten letters and digits; makes the name unique among the attempts of the step. */
  readonly random: string;
  /** Stands for `pipelines` and the step's name. */
  readonly prefix?: string | undefined;
}

/**
 * `pipelines-<execution id>-<step>-<random>` as AWS names what pipelines create, at most 63 characters, of which the step's name loses what is too much. With
 * a prefix of its own: `<prefix>-<execution id>-<random>`.
 */
export function jobName({ executionId, stepName, random, prefix }: JobNameParts): string {
  const tail = `-${random.slice(0, RANDOM_LENGTH)}`;
  const own = cut(prefix ?? "", MAX_NAME - tail.length - executionId.length - 1);
  if (own !== "") return `${own}-${executionId}${tail}`;
  const head = `pipelines-${executionId}`;
  const step = cut(stepName, MAX_NAME - head.length - tail.length - 1);
  return step === "" ? `${head}${tail}` : `${head}-${step}${tail}`;
}

/** Underscores may be in the names of steps, not in those of jobs; and no name may end with a hyphen before the next one begins. */
function cut(text: string, length: number): string {
  return text
    .replaceAll(/[^A-Za-z0-9-]/g, "-")
    .slice(0, length)
    .replaceAll(/^-+|-+$/g, "");
}
