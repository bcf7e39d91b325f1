import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { SdkModule } from "../service.ts";
import { serviceModel } from "../service-model.ts";
import { enumeratedServices } from "./enumerated-services.ts";
import { readEnumMembers } from "./read-enum-members.ts";

const require = createRequire(import.meta.url);

/** The content of every generated file, by name. */
export function generateEnumMembers(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [id, { package: name, client }] of Object.entries(enumeratedServices)) {
    const load = (): SdkModule => require(name) as SdkModule;
    const model = serviceModel({ id, signingName: id, protocols: [], load, client, operations: {} });
    const members = readEnumMembers(model, dirname(require.resolve(`${name}/package.json`)));
    files.set(`${id}.json`, `${JSON.stringify(members, null, 1)}\n`);
  }
  return files;
}

if (import.meta.main) {
  for (const [name, content] of generateEnumMembers()) {
    writeFileSync(new URL(`generated/${name}`, import.meta.url), content);
    console.log(`${name}: ${Object.keys(JSON.parse(content) as object).length} members`);
  }
}
