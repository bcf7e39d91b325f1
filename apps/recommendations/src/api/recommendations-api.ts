import type { ApplicationContext } from "../application-context.ts";
import type { EventDispatcher } from "../events/event-dispatcher.ts";
import type { AnswerMeter } from "../monitoring/answer-meter.ts";
import type { ExposureLog } from "../monitoring/exposure-log.ts";
import { addPageRoutes } from "../page/page-routes.ts";
import { readCaches } from "../quality/data-quality.ts";
import type { Runner } from "../runs/runner.ts";
import { quarantineRoutes } from "../sync-service/quarantine-routes.ts";
import { syncStateRoutes } from "../sync-service/sync-state-routes.ts";
import type { WebService } from "../web/create-web-service.ts";
import { customerRoutes } from "./customer-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { monitoringRoutes } from "./monitoring-routes.ts";
import { operationRoutes } from "./operation-routes.ts";
import { productRoutes } from "./product-routes.ts";
import { purchaseRoutes } from "./purchase-routes.ts";
import { recommendationRoutes } from "./recommendation-routes.ts";
import { regionRoutes } from "./region-routes.ts";

export interface ApiParts {
  readonly context: ApplicationContext;
  readonly dispatcher: Pick<EventDispatcher, "wake">;
  readonly runner: Pick<Runner, "begin">;
  readonly meter: AnswerMeter;
  readonly exposures: ExposureLog;
}

/** Answers recommendations, from the cache where it can, and shows how well all of it works. */
export function recommendationsApi({ context, dispatcher, runner, meter, exposures }: ApiParts): WebService {
  const flushExposures = () => exposures.flush();
  const flush = async (): Promise<void> => {
    await Promise.all([meter.flush(), exposures.flush()]);
  };
  return {
    name: "recommendations-api",
    summary: "Recommendations per user, product and region, from the cache where it can; the shop's page; quality.",
    routes(scope) {
      addPageRoutes(scope);
      recommendationRoutes({ context, meter, exposures })(scope);
      productRoutes(context)(scope);
      customerRoutes(context)(scope);
      purchaseRoutes({ context, dispatcher, flushExposures })(scope);
      regionRoutes(context)(scope);
      monitoringRoutes({ context, flush })(scope);
      experimentRoutes(context, flushExposures)(scope);
      operationRoutes({ context, runner })(scope);
      quarantineRoutes(context)(scope);
      syncStateRoutes(context)(scope);
    },
    async checkHealth() {
      const { users, items } = await readCaches(context);
      return { cached_users: users.lists, cached_items: items.lists };
    },
    onFault: context.onFault,
  };
}
