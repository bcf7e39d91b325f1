/** `npm run bench`: every bench in turn, one process each, or those whose names are given: `npm run bench -- requests start`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const benches = {
  start: "time until ready, and idle memory",
  requests: "signed requests per second beside a bare echo; needs wrk",
  "large-object": "a gibibyte up and down, and the server's memory",
  sentiment: "the sentiment application: predictions during a roll-out, and feedback",
  growth: "how time and memory of training grow with the rows",
} as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const [name, what] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`=== ${name}: ${what}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}
