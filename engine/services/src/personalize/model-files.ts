/** Where the models of everything that a solution or recommender trains lie in the internal bucket. */
const FOLDERS = { "solution-version": "solution-versions", "recommender-training": "recommender-trainings" } as const;

/** The kinds of rows that train. */
export type TrainingType = keyof typeof FOLDERS;

/** `solution-versions/<solution>/`: all that the versions of a solution, or the trainings of a recommender, have left. */
export function modelPrefix(type: TrainingType, trained: string): string {
  return `${FOLDERS[type]}/${trained}/`;
}

/** The key of one version's model; `name` is its row's, `<solution>/<8 hex>`. */
export function modelKey(type: TrainingType, name: string): string {
  return `${FOLDERS[type]}/${name}/model.tar.gz`;
}

/** The key of what a training measured: more than GetSolutionMetrics has room for. */
export function metricsKey(type: TrainingType, name: string): string {
  return `${FOLDERS[type]}/${name}/metrics.json`;
}
