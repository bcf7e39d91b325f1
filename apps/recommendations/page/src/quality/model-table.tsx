import type { ReactElement } from "react";
import { time } from "../format.ts";
import type { MeanInterval, ModelQuality, Solution, Version } from "./quality-api.ts";
import { QualityChart } from "./quality-chart.tsx";

/** Every version of each solution beside what is popular: its quality over time, and what came of its judgement. */
export function ModelTable({ quality: { solutions } }: { readonly quality: ModelQuality }): ReactElement {
  if (solutions.length === 0)
    return <p className="faint">Nothing is trained yet; the first training runs after the first orders.</p>;
  return (
    <>
      {solutions.map((solution) => (
        <SolutionTable key={solution.solution} solution={solution} />
      ))}
    </>
  );
}

function SolutionTable({ solution: { solution, versions } }: { readonly solution: Solution }): ReactElement {
  return (
    <section aria-label={solution}>
      <h3>{solution}</h3>
      {versions.length > 1 && <QualityChart versions={versions} />}
      <table>
        <thead>
          <tr>
            <th>Trained</th>
            <th className="number">NDCG@10</th>
            <th className="number">Precision@10</th>
            <th className="number">Recall@10</th>
            <th className="number">Popular, NDCG@10</th>
            <th>Judgement</th>
          </tr>
        </thead>
        <tbody>
          {versions.toReversed().map((version) => (
            <VersionRow key={version.solution_version_arn} version={version} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function VersionRow({ version }: { readonly version: Version }): ReactElement {
  const { trained_at, training_mode, judgement, live_from, live_until } = version;
  const isLive = live_from !== null && live_until === null;
  return (
    <tr>
      <td>
        {time(trained_at)} <span className="faint">{training_mode.toLowerCase()}</span>
        {isLive && <strong className="level-High"> live</strong>}
      </td>
      <Measured value={judgement?.candidate.ndcg_at_10} />
      <Measured value={judgement?.candidate.precision_at_10} />
      <Measured value={judgement?.candidate.recall_at_10} />
      <Measured value={judgement?.popular.ndcg_at_10} />
      <td>{judgement?.reason ?? "not judged"}</td>
    </tr>
  );
}

/** A mean with its 95 % interval. */
function Measured({ value }: { readonly value: MeanInterval | undefined }): ReactElement {
  if (value === undefined) return <td className="number">–</td>;
  const { mean, low, high } = value;
  return (
    <td className="number">
      {mean.toFixed(3)}
      <div className="faint">
        {low.toFixed(3)} to {high.toFixed(3)}
      </div>
    </td>
  );
}
