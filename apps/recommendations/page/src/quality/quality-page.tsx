import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { ask } from "../api.ts";
import { Asked } from "../asked.tsx";
import { DataTiles } from "./data-tiles.tsx";
import { ModelTable } from "./model-table.tsx";
import type { DataQuality, Diagnosis, ModelQuality, Monitoring } from "./quality-api.ts";
import { ServiceTiles } from "./service-tiles.tsx";

/** How sound the data is, how good the models are, how well they are served, and what to do about it. */
export function QualityPage(): ReactElement {
  const refetchInterval = 15_000;
  const diagnosis = useQuery({ queryKey: ["diagnosis"], queryFn: () => ask<Diagnosis>("/diagnosis"), refetchInterval });
  const service = useQuery({
    queryKey: ["monitoring"],
    queryFn: () => ask<Monitoring>("/monitoring"),
    refetchInterval,
  });
  const models = useQuery({ queryKey: ["models"], queryFn: () => ask<ModelQuality>("/quality/model") });
  const data = useQuery({ queryKey: ["data"], queryFn: () => ask<DataQuality>("/quality/data") });
  return (
    <>
      <section className="panel" aria-label="Diagnosis">
        <h2>Diagnosis</h2>
        <Asked query={diagnosis} what="the diagnosis">
          {(answer) => <DiagnosisTable diagnosis={answer} />}
        </Asked>
      </section>
      <section className="panel" aria-label="Models">
        <h2>Models</h2>
        <Asked query={models} what="the models">
          {(answer) => <ModelTable quality={answer} />}
        </Asked>
      </section>
      <section className="panel" aria-label="Answers">
        <h2>Answers of the last 24 hours</h2>
        <Asked query={service} what="the answers">
          {(answer) => <ServiceTiles monitoring={answer} />}
        </Asked>
      </section>
      <section className="panel" aria-label="Data">
        <h2>Data</h2>
        <Asked query={data} what="the data">
          {(answer) => <DataTiles quality={answer} />}
        </Asked>
      </section>
    </>
  );
}

const LEVELS = { ok: "High", warning: "Medium", error: "Low" } as const;

function DiagnosisTable({ diagnosis }: { readonly diagnosis: Diagnosis }): ReactElement {
  return (
    <table>
      <tbody>
        {diagnosis.checks.map(({ name, state, detail, advice }) => (
          <tr key={name}>
            <td className={`level-${LEVELS[state]}`}>{state}</td>
            <td>{name}</td>
            <td>
              {detail}
              {advice !== undefined && <div className="faint">{advice}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
