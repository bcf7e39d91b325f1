/** A run as the services show it. */
export const RUN_SCHEMA = {
  description: "A run",
  type: "object",
  required: ["run_id", "kind", "timestamp", "status", "reason"],
  properties: {
    run_id: { type: "string" },
    kind: { type: "string" },
    timestamp: { type: "string", description: "When it was asked for" },
    status: { type: "string", enum: ["Preparing", "Executing", "Reporting", "Succeeded", "Failed"] },
    reason: { type: "string" },
    parameters: { type: "object", additionalProperties: { type: "string" } },
    model_version: { type: "string" },
    data: { type: "string" },
    counts: { type: "object", additionalProperties: { type: "number" } },
    execution_arn: { type: "string" },
    outcome: { type: "object", additionalProperties: true },
    failure_reason: { type: "string" },
    finished_at: { type: "string" },
    steps: {
      type: "array",
      items: {
        type: "object",
        required: ["step", "fraction", "detail"],
        properties: {
          step: { type: "string" },
          fraction: { type: "number", description: "How far it is, 0 to 1" },
          detail: { type: "string" },
        },
      },
    },
  },
} as const;
