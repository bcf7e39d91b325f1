import { join } from "node:path";
import { createAnswerCache } from "../storage/answer-cache.ts";
import { openFallbackFile } from "../storage/fallback-file.ts";
import { createFallbackStore } from "../storage/fallback-store.ts";
import type { OpenService, ServiceDefinition } from "../web/start-service.ts";
import { createModelRegistry, type ModelVersion, type Registration } from "./model-registry.ts";
import { type RegistryAnswers, registryRoutes } from "./registry-routes.ts";

/** Shows and extends the SageMaker Model Registry (S-3, S-41). */
export const modelRegistryService: ServiceDefinition = {
  name: "model-registry-service",
  summary: "Versions of the model in the SageMaker Model Registry, and the one that answers predictions.",
  port: 8002,
  async open(context): Promise<OpenService> {
    const { clock, names, onFault, settings } = context;
    const registry = createModelRegistry(context);
    const cache = createAnswerCache<RegistryAnswers>(join(settings.fallbackDirectory, "models.json"), context);
    const waiting = createFallbackStore<Registration>({
      file: await openFallbackFile(join(settings.fallbackDirectory, "model-registrations.json")),
      write: async (registration) => void (await registry.register(registration)),
      onFault,
      clock,
    });
    return {
      dependencies: [
        {
          name: `sagemaker model package group ${names.modelPackageGroup}`,
          isRequired: false,
          check: async (signal) => `${(await registry.list(1, signal)).length > 0 ? "has" : "has no"} versions`,
        },
      ],
      facts: {
        schema: { pending: { type: "integer", description: "Registrations that wait in model-registrations.json" } },
        read: () => ({ pending: waiting.pending }),
      },
      routes: registryRoutes({
        registry,
        cache,
        clock,
        async register(registration) {
          let model: ModelVersion | undefined;
          const storedIn = await waiting.put(registration, async (row) => {
            model = await registry.register(row);
          });
          return { storedIn, ...(model !== undefined && { model }) };
        },
      }),
      close: () => waiting.close(),
    };
  },
};
