import type { TrainedModel } from "../model/trained-model.ts";
import type { TextColumn } from "../records/records.ts";
import { AnsweringError } from "./answering-error.ts";

/** How much more probable each item is in a context than elsewhere. */
export interface ContextLifts {
  /**
   * The sum of the logarithms of the lifts of every value, for each item; undefined for a context that says nothing. Throws AnsweringError for a
   * column that the interactions do not have.
   */
  of(context: Readonly<Record<string, string>>): Float32Array | undefined;
}

/** Events that every item is given as if they were spread over the contexts like all others, against lifts of few events. */
const PRIOR_EVENTS = 5;
/** Contexts whose lifts are kept: one float for each item. */
const KEPT_CONTEXTS = 32;

/**
 * Lifts from the contexts of the training's events, drawn towards 1 where there are few: (events in the context + a) ÷ (events expected + a), DuMouchel, "Bayesian
 * data mining in large frequency tables" (The American Statistician, 1999). Several columns are taken as independent of each other.
 */
export function openContextLifts({ eventRecords, histories }: TrainedModel): ContextLifts {
  const kept = new Map<string, Float32Array>();
  const { items: itemOf } = histories.events;
  const eventsOfItem = new Float64Array(histories.items);
  for (const item of itemOf) eventsOfItem[item] += 1;

  const liftsOf = (column: TextColumn, code: number): Float32Array => {
    const inContext = new Float64Array(histories.items);
    let total = 0;
    for (let event = 0; event < itemOf.length; event += 1) {
      if (column.codes[event] !== code) continue;
      inContext[itemOf[event]] += 1;
      total += 1;
    }
    const share = total / itemOf.length;
    return Float32Array.from(inContext, (events, item) =>
      Math.log((events + PRIOR_EVENTS) / (eventsOfItem[item] * share + PRIOR_EVENTS)),
    );
  };

  const summed = (context: Readonly<Record<string, string>>): Float32Array => {
    const sums = new Float32Array(histories.items);
    for (const [name, value] of Object.entries(context)) {
      const column = columnOf(eventRecords.columns, name);
      const code = column.values.indexOf(value);
      if (code < 0) continue;
      const lifts = liftsOf(column, code);
      for (let item = 0; item < sums.length; item += 1) sums[item] += lifts[item];
    }
    return sums;
  };

  return {
    of(context) {
      const names = Object.keys(context);
      if (names.length === 0) return undefined;
      const key = JSON.stringify(names.sort().map((name) => [name, context[name]]));
      const lifts = kept.get(key) ?? summed(context);
      kept.delete(key);
      kept.set(key, lifts);
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_CONTEXTS) break;
        kept.delete(oldest);
      }
      return lifts;
    },
  };
}

function columnOf(columns: TrainedModel["eventRecords"]["columns"], name: string): TextColumn {
  const column = columns[name] ?? columns[name.toUpperCase()];
  if (column?.kind === "text") return column;
  const contexts = Object.keys(columns).filter((known) => columns[known].kind === "text");
  const known = contexts.length === 0 ? "no such column" : `the columns ${contexts.join(", ")}`;
  throw new AnsweringError("context", `The context names ${name}, but the Interactions dataset has ${known} of texts.`);
}
