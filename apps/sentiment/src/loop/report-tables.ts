import type { Evaluation } from "../gate/evaluation.ts";
import type { Accuracy, ModelScores } from "../gate/scores.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { describeImprovement, type LoopReport, percent, points } from "./loop-report.ts";

function accuracyText(accuracy: Accuracy | undefined): string {
  if (accuracy === undefined) return "–";
  return `${percent(accuracy.value)} (${percent(accuracy.low)} to ${percent(accuracy.high)})`;
}

/** Live model and candidate on the same rows. */
export function holdOutTable({ gate, holdOut }: Evaluation): string {
  const all = {
    name: "all",
    candidate: gate.candidate.accuracy,
    champion: gate.champion?.accuracy,
    improvement: gate.improvement,
  };
  return htmlTable(
    `Accuracy on the frozen hold-out, with 95 % intervals (${holdOut.rows} rows, used ${holdOut.uses} times so far, sha256 ${holdOut.sha256.slice(0, 12)})`,
    ["part", "rows", "live model before", "candidate", "candidate is"],
    [all, ...gate.slices].map(({ name, candidate, champion, improvement }) => [
      name.replace("=", ": "),
      String(candidate.n),
      accuracyText(champion),
      accuracyText(candidate),
      improvement === undefined ? "–" : describeImprovement(improvement),
    ]),
  );
}

export function conditionsTable({ gate }: Evaluation): string {
  return htmlTable(
    `The gate: ${gate.decision}`,
    ["condition", "met", "numbers"],
    Object.entries(gate.conditions).map(([name, { met, reason }]) => [name, met === 1 ? "yes" : "no", reason]),
  );
}

/** Rows are what texts say, columns what the model made of it. */
export function confusionTable(caption: string, scores: ModelScores | undefined): string {
  if (scores === undefined) return "";
  const { classes, counts } = scores.confusionMatrix;
  const recall = new Map(scores.classes.map((score) => [score.name, score.recall]));
  return htmlTable(
    `${caption} (macro-F1 ${scores.macroF1.toFixed(3)})`,
    ["says", ...classes.map((name) => `taken for ${name}`), "recall"],
    classes.map((name, index) => [name, ...(counts[index] ?? []).map(String), percent(recall.get(name) ?? 0)]),
  );
}

export function driftTable({ drift: { drift, model_version: version } }: LoopReport): string {
  const { accuracyChange, unseenWords } = drift;
  const change = accuracyChange && `${points(accuracyChange.low)} to ${points(accuracyChange.high)} points`;
  return htmlTable(
    `What the feedback on ${version} shows: ${drift.reason} False-alarm budget ${percent(drift.falseAlarmBudget)}.`,
    ["measure", "value", "p-value", "a reason"],
    [
      ["accuracy on feedback", accuracyText(drift.accuracy), "", accuracyChange?.isDrop === true ? "yes" : "no"],
      ["change against its validation data, 95 % interval", change ?? "–", "", ""],
      [
        "words never seen",
        `${percent(unseenWords.share)}, in its own data ${percent(unseenWords.referenceShare)}`,
        "",
        "",
      ],
      ...drift.shifts.map(({ name, index, pValue, isShifted }) => [
        `shift of ${name} (population stability index)`,
        index.toFixed(2),
        pValue < 1e-4 ? "< 0.0001" : pValue.toFixed(4),
        isShifted ? "yes" : "no",
      ]),
    ],
  );
}

export function trafficTable({ traffic }: LoopReport): string {
  const parts = {
    before: "before, with feedback",
    rollout: "during retraining and rollout",
    after: "after, new sentences",
  };
  return htmlTable(
    "Requests to POST /predict-sentiment",
    ["when", "requests", "failed", "median", "99th percentile", "accuracy by version"],
    (Object.keys(parts) as (keyof typeof parts)[]).map((part) => {
      const { requests, failures, medianLatency, p99Latency, byVersion } = traffic[part];
      const accuracies = byVersion.map(({ modelVersion, accuracy }) => `${modelVersion}: ${accuracyText(accuracy)}`);
      const times = [medianLatency, p99Latency].map((milliseconds) => `${milliseconds.toFixed(0)} ms`);
      return [parts[part], String(requests), String(failures), ...times, accuracies.join("; ")];
    }),
  );
}

/** The numbers of the first chart. */
export function windowsTable({ windows }: LoopReport): string {
  const rows = windows.map(({ at, modelVersion, ...accuracy }) => [
    at.toFixed(0),
    modelVersion,
    String(accuracy.n),
    accuracyText(accuracy),
  ]);
  const header = ["seconds since the start", "version", "answers", "right, with 95 % interval"];
  return `<details><summary>The numbers of the chart</summary>${htmlTable("Accuracy on film sentences over time", header, rows)}</details>`;
}

/** What the new model was trained on. */
export function changesTable({ retraining, evaluation, feedbackTexts, phases, seconds }: LoopReport): string {
  const { data } = evaluation;
  const rows: string[][] = [
    ["film sentences corrected by users", String(feedbackTexts)],
    ...Object.entries(retraining.counts).map(([name, count]) => [`rows merged: ${name}`, String(count)]),
    ["rows trained on", String(data.train)],
    ["rows watched while training", String(data.validation)],
    ["rows dropped, since their text is in the hold-out", String(data.inHoldOut)],
    ...phases.map(({ phase, from, to }) => [`time: ${phase}`, `${(to - from).toFixed(1)} s`]),
    ["time in all", `${seconds.toFixed(1)} s`],
  ];
  return htmlTable("What was done", ["what", "how much"], rows);
}

/** Reasons of failed requests, when there were any. */
export function failureList({ traffic }: LoopReport): string {
  const reasons = Object.values(traffic).flatMap(({ failureReasons }) => failureReasons);
  if (reasons.length === 0) return "";
  return `<h2>Failed requests</h2><ul>${reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join("")}</ul>`;
}
