import { compileCondition, compileEventTypeCondition } from "./condition-predicate.ts";
import type { FilterAnswer, FilteredCatalogue, FilteredEvent, FilteredUser } from "./filter.ts";
import type { BoundFilter, FilterCondition, FilterExpression, FilterLiteral } from "./filter-expression.ts";
import { maskRecords, subtractMask, uniteMasks } from "./record-mask.ts";

type Expression = FilterExpression<FilterLiteral>;

/** What an expression is about, worked out for one user: records to be set in a mask. */
interface OpenExpression {
  readonly verb: Expression["verb"];
  /** False: the expression says nothing about this user. */
  applies(user: FilteredUser): boolean;
  /** Sets what matches, with 1 or 0; leaves the rest. */
  mark(mask: Uint8Array, user: FilteredUser, value: 0 | 1): void;
}

/**
 * Makes a filter ready for a catalogue: what is the same for every user is worked out now, once, and what is not when it is asked. A catalogue that changes is
 * opened anew.
 */
export function openFilter(filter: BoundFilter, catalogue: FilteredCatalogue): FilterAnswer {
  const opened = filter.expressions.map((expression) => openExpression(expression, catalogue));
  const includes = opened.filter(({ verb }) => verb === "INCLUDE");
  const excludes = opened.filter(({ verb }) => verb === "EXCLUDE");
  const mask = new Uint8Array(catalogue.records.count);
  return {
    allowed(user) {
      const included = includes.filter((expression) => expression.applies(user));
      mask.fill(included.length === 0 ? 1 : 0);
      for (const expression of included) expression.mark(mask, user, 1);
      for (const expression of excludes) if (expression.applies(user)) expression.mark(mask, user, 0);
      return mask;
    },
  };
}

function openExpression(expression: Expression, catalogue: FilteredCatalogue): OpenExpression {
  return { verb: expression.verb, applies: openIf(expression.ifAll), mark: openMark(expression, catalogue) };
}

function openIf(ifAll: Expression["ifAll"]): OpenExpression["applies"] {
  const conditions = ifAll.map((condition) => ({ field: condition.field, holds: compileCondition(condition) }));
  return ({ record }) =>
    conditions.every(({ field, holds }) => {
      const value = record(field) ?? record(field.toUpperCase());
      // Also NOT IN and != need a user of whom something is known.
      return value !== undefined && holds(value);
    });
}

function openMark(expression: Expression, catalogue: FilteredCatalogue): OpenExpression["mark"] {
  const { dataset, anyOf } = expression;
  if (dataset === "Interactions" || dataset === "Action_Interactions") {
    const matches = openEventTypes(anyOf);
    const { eventTypesOf } = catalogue;
    return eventTypesOf === undefined
      ? (mask, { events }, value) => markEvents(mask, events, { matches, value })
      : markAlways(maskUsers(catalogue.records.count, eventTypesOf, matches));
  }
  if (anyOf.flat().some(({ currentItem }) => currentItem !== undefined)) return openCurrentItem(anyOf, catalogue);
  return markAlways(maskRecords(catalogue.records, anyOf));
}

function markAlways(matching: Uint8Array): OpenExpression["mark"] {
  return (mask, _, value) => markMask(mask, matching, value);
}

function markMask(mask: Uint8Array, matching: Uint8Array, value: 0 | 1): void {
  if (value === 1) uniteMasks(mask, matching);
  else subtractMask(mask, matching);
}

/** Those who ask for one item often ask again: the mask of the last one is kept. */
function openCurrentItem(anyOf: Expression["anyOf"], { records }: FilteredCatalogue): OpenExpression["mark"] {
  let last: { readonly item: number; readonly matching: Uint8Array } | undefined;
  return (mask, { currentItem = -1 }, value) => {
    if (last?.item !== currentItem) last = { item: currentItem, matching: maskRecords(records, anyOf, currentItem) };
    markMask(mask, last.matching, value);
  };
}

/** Conditions on EVENT_TYPE are about one event: one of the lists must hold for it. */
function openEventTypes(anyOf: readonly (readonly FilterCondition<FilterLiteral>[])[]): (eventType: string) => boolean {
  const alternatives = anyOf.map((conditions) => conditions.map(compileEventTypeCondition));
  return (eventType) => alternatives.some((conditions) => conditions.every((holds) => holds(eventType)));
}

function markEvents(
  mask: Uint8Array,
  events: readonly FilteredEvent[],
  { matches, value }: { readonly matches: (eventType: string) => boolean; readonly value: 0 | 1 },
): void {
  for (const { item, eventType } of events)
    if (item >= 0 && item < mask.length && matches(eventType)) mask[item] = value;
}

function maskUsers(
  count: number,
  eventTypesOf: (user: number) => Iterable<string>,
  matches: (eventType: string) => boolean,
): Uint8Array {
  const mask = new Uint8Array(count);
  for (let user = 0; user < count; user += 1) {
    for (const eventType of eventTypesOf(user)) {
      if (!matches(eventType)) continue;
      mask[user] = 1;
      break;
    }
  }
  return mask;
}
