import { ClientError } from "./client-error.ts";

/** A hyperparameter that is a list in JSON, `["msd","ssd"]`: its members, each one of `choices`. Throws ClientError for anything else. */
export function readChoices<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): readonly Choice[] {
  const listed = parseList(value);
  const isChoice = (member: unknown): member is Choice => choices.includes(member as Choice);
  if (listed !== undefined && listed.length > 0 && listed.every(isChoice)) return [...new Set(listed)];
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new ClientError(
    `Hyperparameter ${name} has the value ${JSON.stringify(value)}; it must be a list in JSON of ${known}.`,
  );
}

function parseList(value: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
