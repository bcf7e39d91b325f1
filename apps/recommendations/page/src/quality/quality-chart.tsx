import { type ReactElement, useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Version } from "./quality-api.ts";

const HEIGHT = 180;

/** NDCG@10 of the judged versions over time, with its interval as a band, beside what is popular. */
export function QualityChart({ versions }: { readonly versions: readonly Version[] }): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const judged = versions.flatMap(({ trained_at, judgement }) =>
      judgement === null ? [] : [{ at: new Date(trained_at).getTime() / 1000, judgement }],
    );
    const data: UPlot.AlignedData = [
      judged.map(({ at }) => at),
      judged.map(({ judgement }) => judgement.candidate.ndcg_at_10.mean),
      judged.map(({ judgement }) => judgement.candidate.ndcg_at_10.low),
      judged.map(({ judgement }) => judgement.candidate.ndcg_at_10.high),
      judged.map(({ judgement }) => judgement.popular.ndcg_at_10.mean),
    ];
    const chart = new UPlot(optionsFor(place.current), data, place.current);
    return () => chart.destroy();
  }, [versions]);
  return <div ref={place} role="img" aria-label="NDCG at 10 over time" />;
}

function optionsFor(element: HTMLElement): UPlot.Options {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const [accent, faint] = [colour("--accent"), colour("--faint")];
  const axis = { stroke: faint, grid: { stroke: colour("--line"), width: 1 } };
  const bound = { stroke: "transparent", points: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    scales: { y: { range: (_, __, max) => [0, max * 1.1] } },
    axes: [axis, axis],
    series: [
      {},
      { label: "NDCG@10", stroke: accent, width: 2 },
      { label: "from", ...bound },
      { label: "to", ...bound },
      { label: "popular", stroke: faint, dash: [4, 4] },
    ],
    bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${accent} 20%, transparent)` }],
  };
}
