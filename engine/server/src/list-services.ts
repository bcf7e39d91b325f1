import type { ServiceDefinition } from "@rondo/wire";
import type { Ports } from "./ports.ts";
import { createServices } from "./services.ts";

/** The services without state behind them: to list their operations. Calling one throws. */
export function listServices(): ServiceDefinition[] {
  return createServices(inert("ports") as Ports);
}

/** Something whose members can be taken but not called. */
function inert(path: string): unknown {
  const call = (): never => {
    throw new Error(`${path} was called while services were only being listed`);
  };
  return new Proxy(call, { get: (_, name) => inert(`${path}.${String(name)}`) });
}
