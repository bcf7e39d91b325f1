/** What many of XGBoost's hyperparameters have in common; `fixed` and `tunable` say whether "Tune an XGBoost Model" has a range for them. */
export const fixed = { required: false, tunable: false } as const;
export const tunable = { required: false, tunable: true } as const;
export const share = { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: "1" } as const;
export const notNegative = { type: "continuous", minimum: 0 } as const;
export const flag = { type: "integer", minimum: 0, maximum: 1 } as const;
export const count = { type: "integer", minimum: 0, maximum: 2_147_483_647 } as const;
export const truth = { type: "categorical", values: ["true", "false"] } as const;
