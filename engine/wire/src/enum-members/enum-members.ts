import { readdirSync, readFileSync } from "node:fs";

/** `Structure.member` → the SDK's export with the enumeration's values. */
export type EnumMembers = Readonly<Record<string, string>>;

const folder = new URL("./generated/", import.meta.url);

/** Which members of a service have which enumeration; read from the file that `generate.ts` wrote, empty for a service without one. */
export function enumMembers(serviceId: string): EnumMembers {
  const file = `${serviceId}.json`;
  if (!readdirSync(folder).includes(file)) return {};
  return JSON.parse(readFileSync(new URL(file, folder), "utf8")) as EnumMembers;
}
