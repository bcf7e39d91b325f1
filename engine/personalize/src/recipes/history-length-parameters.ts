import type { RecipeParameter } from "./recipe.ts";

/** Users whose histories are shorter or longer than most are left out of training: robots, one-time visitors. */
export function historyLengthParameters(minimum: string, maximum: string): readonly RecipeParameter[] {
  const range = { type: "continuous", minimum: 0, maximum: 1, tunable: false } as const;
  return [
    {
      name: "min_user_history_length_percentile",
      default: minimum,
      meaning: "Users with shorter histories than this share of users has are left out of training.",
      ...range,
    },
    {
      name: "max_user_history_length_percentile",
      default: maximum,
      meaning: "Users with longer histories than this share of users has are left out of training.",
      ...range,
    },
  ];
}
