/**
 * Whether a value goes left at a node that names categories: those go right, others left, and so do negative numbers, which are no categories, as XGBoost's
 * `common::Decision` has it (categorical.h). Missing values are decided elsewhere.
 */
export function isCategoryLeft(named: ReadonlySet<number>, value: number): boolean {
  // Truncated, −0.5 would be category 0.
  return value < 0 || !named.has(Math.trunc(value));
}
