/** The parameters of a factorization machine: a bias, and of each column a weight and its factors. */
export interface FactorizationMachine {
  readonly bias: number;
  readonly linear: readonly number[];
  readonly factors: readonly (readonly number[])[];
}

/** The entries of a row that are not 0. */
export type SparseRow = readonly { readonly column: number; readonly value: number }[];

/** Bias, weights, and for each pair of columns the product of their values and of their factors (Rendle 2010, equation 1). */
export function factorizationScore({ bias, linear, factors }: FactorizationMachine, row: SparseRow): number {
  let score = bias;
  for (const [index, { column, value }] of row.entries()) {
    score += linear[column] * value;
    for (const other of row.slice(index + 1)) {
      const product = factors[column].reduce((sum, factor, number) => sum + factor * factors[other.column][number], 0);
      score += product * value * other.value;
    }
  }
  return score;
}

/** The derivatives of a row's score by all parameters (equation 4). */
export function factorizationDerivatives(machine: FactorizationMachine, row: SparseRow): FactorizationMachine {
  const linear = machine.linear.map((_, column) => row.find((entry) => entry.column === column)?.value ?? 0);
  const factors = machine.factors.map((own, column) =>
    own.map((_, number) => {
      const others = row.filter((entry) => entry.column !== column);
      const sum = others.reduce((total, entry) => total + machine.factors[entry.column][number] * entry.value, 0);
      return linear[column] * sum;
    }),
  );
  return { bias: 1, linear, factors };
}
