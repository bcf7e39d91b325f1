/**
 * `npm run bench`: every bench in turn, one process each, or those whose names are given, each with the options that come after the names:
 * `npm run bench -- requests start`, `npm run bench -- requests --seconds 4`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const benches = {
  start: "time until ready, and idle memory",
  requests: "signed requests per second beside a bare echo; needs wrk",
  "large-object": "a gibibyte up and down, and the server's memory",
  sentiment: "the sentiment application: predictions during a roll-out, and feedback",
  "personalize-api":
    "user personalization through Amazon Personalize's API, beside the best recommenders; needs --data",
  growth: "how time and memory of training grow with the rows",
} as const;

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith("--"));
const wanted = firstOption === -1 ? words : words.slice(0, firstOption);
const options = words.slice(wanted.length);
if (wanted.length === 0 && options.length > 0) {
  console.error("Options are those of a bench: name it before them.");
  process.exit(2);
}
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const [name, what] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`=== ${name}: ${what}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...options], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}
