/** What models that are trained side by side differ in. */
export interface CloseModel {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly l1: number;
}

const decayFactors = [1, 10, 0.1, 100, 0.01, 1000] as const;
const rateFactors = [1, 1 / 3, 3, 1 / 10] as const;
const sparsityFactors = [1, 0.1, 10] as const;

/**
 * The model with the chosen values first, then ones with values close to them, the closest first, as "How linear
 * learner works" describes it: learning rate, L2 and L1 strength vary by factors. More models than there are
 * combinations repeat them; they differ in how their weights begin.
 */
export function closeModels(chosen: CloseModel, count: number): readonly CloseModel[] {
  const combinations = sparsityFactors.flatMap((l1, l1Distance) =>
    rateFactors.flatMap((learningRate, rateDistance) =>
      decayFactors.map((weightDecay, decayDistance) => ({
        // Steps of the learning rate are the widest: it changes least where training converges.
        distance: decayDistance + 3 * rateDistance + 2 * l1Distance,
        model: {
          learningRate: chosen.learningRate * learningRate,
          weightDecay: chosen.weightDecay * weightDecay,
          l1: chosen.l1 * l1,
        },
      })),
    ),
  );
  const models = combinations.toSorted((one, other) => one.distance - other.distance).map(({ model }) => model);
  const different = models.filter((model, index) => models.findIndex((other) => isSame(model, other)) === index);
  return Array.from({ length: count }, (_, index) => different[index % different.length]);
}

function isSame(one: CloseModel, other: CloseModel): boolean {
  return one.learningRate === other.learningRate && one.weightDecay === other.weightDecay && one.l1 === other.l1;
}
