import type { ApplicationContext } from "../application-context.ts";
import type { EventDispatcher } from "../events/event-dispatcher.ts";
import { readOutbox } from "../events/outbox.ts";
import type { WebService } from "../web/create-web-service.ts";
import { orderRoutes } from "./order-routes.ts";
import { quarantineRoutes } from "./quarantine-routes.ts";
import { syncStateRoutes } from "./sync-state-routes.ts";

/** Takes the company's orders and sends what was bought to Personalize at once. */
export function syncService(context: ApplicationContext, dispatcher: Pick<EventDispatcher, "wake">): WebService {
  return {
    name: "sync-service",
    summary: "Takes the company's orders, puts aside what cannot be learned from, and sends purchase events at once.",
    routes(scope) {
      orderRoutes({ context, dispatcher })(scope);
      quarantineRoutes(context)(scope);
      syncStateRoutes(context)(scope);
    },
    checkHealth: async () => ({ events_waiting: (await readOutbox(context.database)).waiting }),
    onFault: context.onFault,
  };
}
