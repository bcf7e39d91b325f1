/** Below it the approximations behind a p-value say nothing more, and DynamoDB stores no number below 1e-130. */
const SMALLEST = 1e-12;

/** A p-value as reports carry it: smaller ones are all this one. */
export function reportedPValue(pValue: number): number {
  return Math.max(SMALLEST, pValue);
}
