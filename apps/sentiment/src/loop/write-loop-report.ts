import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeHtml } from "./html.ts";
import { describeLoop, type LoopReport } from "./loop-report.ts";
import { accuracyChart, chartScript, rolloutChart } from "./report-charts.ts";
import {
  changesTable,
  conditionsTable,
  confusionTable,
  driftTable,
  failureList,
  holdOutTable,
  trafficTable,
  windowsTable,
} from "./report-tables.ts";

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; margin: 1.5rem 0; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
tbody th { font-weight: 400; }
.chart { margin: 1.5rem 0; }
`;

/** The folder of uPlot's files for browsers. */
const UPLOT = dirname(fileURLToPath(import.meta.resolve("uplot")));

/** The report as one HTML page that needs nothing else. */
export async function renderLoopReport(report: LoopReport): Promise<string> {
  const [script, style] = await Promise.all(
    ["uPlot.iife.min.js", "uPlot.min.css"].map((file) => readFile(join(UPLOT, file), "utf8")),
  );
  const { evaluation } = report;
  const charts = [accuracyChart(report), rolloutChart(report)];
  const title = "Sentiment: from feedback to the next model";
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}${STYLE}</style></head>
<body>
<h1>${title}</h1>
<p>${escapeHtml(report.startedAt.slice(0, 16).replace("T", " "))} UTC, ${report.seconds.toFixed(0)} s. Made by <code>rondo loop sentiment</code>; the same numbers for programs are in the JSON file beside this page.</p>
<ul>${describeLoop(report)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join("\n")}</ul>
${charts.map(({ id, title: name }) => `<div class="chart" id="${id}" role="img" aria-label="${escapeHtml(name)}"></div>`).join("\n")}
${windowsTable(report)}
${holdOutTable(evaluation)}
${conditionsTable(evaluation)}
${confusionTable("The live model before, on the hold-out", evaluation.gate.champion)}
${confusionTable("The candidate, on the hold-out", evaluation.gate.candidate)}
${driftTable(report)}
${trafficTable(report)}
${changesTable(report)}
${failureList(report)}
<script>${script}</script>
<script>${chartScript(charts)}</script>
</body>
</html>
`;
}

/** Writes the page and its numbers as JSON into the folder; returns the page's path. */
export async function writeLoopReport(folder: string, report: LoopReport): Promise<string> {
  const name = `loop-${report.startedAt.replace(/[:.]/g, "-")}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const page = join(folder, `${name}.html`);
  await writeFile(page, await renderLoopReport(report));
  return page;
}
