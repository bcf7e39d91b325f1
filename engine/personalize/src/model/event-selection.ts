/** Which events a training learned from, and what each of them counts; events that come later count alike. */
export interface EventSelection {
  /** By event types in lower case; undefined: events of every type, each for 1. */
  readonly types?: Readonly<Record<string, EventWeight>>;
  /** `solutionConfig.eventValueThreshold`: events with a value below it do not count. */
  readonly valueThreshold?: number;
}

export interface EventWeight {
  /** Above 0. */
  readonly weight: number;
  readonly valueThreshold?: number;
}

/** What an event counts in a history; 0: it is not learned from. An event without a value reaches no threshold. */
export function weighEvent(selection: EventSelection, eventType: string | undefined, eventValue?: number): number {
  const chosen = selection.types === undefined ? { weight: 1 } : selection.types[(eventType ?? "").toLowerCase()];
  if (chosen === undefined) return 0;
  const threshold = chosen.valueThreshold ?? selection.valueThreshold;
  return threshold === undefined || (eventValue ?? Number.NaN) >= threshold ? chosen.weight : 0;
}
