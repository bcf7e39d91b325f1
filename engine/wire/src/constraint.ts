/**
 * What AWS checks of a member and the SDK's schemas do not carry. Enumerations are not listed here: they are derived from the SDK.
 *
 * Keys are `Structure.member` (`CreateTrainingJobRequest.TrainingJobName`) as the SDK's schemas name them; for list and map elements
 * `Structure.member[]`, `Structure.member{key}` and `Structure.member{value}`.
 */
export type Constraints = Readonly<Record<string, Constraint>>;

export interface Constraint {
  /** Characters of a string, elements of a list or map, or the value of a number: at least. */
  readonly min?: number;
  readonly max?: number;
  /** The pattern as AWS states it; anchored by the check. */
  readonly pattern?: string;
  /** A number with a fraction. All others are integers: the SDK's schemas know only numbers, and fractions are rare in AWS's inputs. */
  readonly isFractional?: true;
}
