import { Session } from "@rondo/sdk";
import { listenForInference } from "./listen.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);
const session = new Session({
  ...(settings.region !== undefined && { region: settings.region }),
  ...(settings.bucket !== undefined && { defaultBucket: settings.bucket }),
});
const service = await listenForInference({ session, ...settings });
process.stdout.write(`The inference service of endpoint ${settings.endpointName} listens on ${service.url}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void service.close().finally(() => session.close());
  });
}
