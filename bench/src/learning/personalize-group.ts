import type { Interactions } from "@rondo/learn";
import type { DatasetGroupData } from "@rondo/personalize";

/** Events as a dataset group's Interactions, as a CSV with three columns would bring them; ids are the numbers. */
export function groupOf({ users, items, events }: Interactions): DatasetGroupData {
  const count = events.items.length;
  const codes = new Int32Array(count);
  for (let user = 0; user < users; user += 1) codes.fill(user, events.starts[user], events.starts[user + 1]);
  const numbersTo = (length: number): string[] => Array.from({ length }, (_, index) => String(index));
  const columns = {
    USER_ID: { kind: "text", values: numbersTo(users), codes },
    ITEM_ID: { kind: "text", values: numbersTo(items), codes: Int32Array.from(events.items) },
    TIMESTAMP: { kind: "number", values: events.times },
  } as const;
  const plain = { isNullable: false, isCategorical: false, isTextual: false } as const;
  const fields = [
    { name: "USER_ID", type: "string", ...plain },
    { name: "ITEM_ID", type: "string", ...plain },
    { name: "TIMESTAMP", type: "long", ...plain },
  ] as const;
  const schema = { type: "Interactions", fields } as const;
  return { datasets: { Interactions: { schema, records: { count, columns } } }, eventsUpTo: 0 };
}
