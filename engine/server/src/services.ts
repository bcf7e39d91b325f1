import {
  createCloudWatchService,
  createDynamoDbService,
  createExtrasRoute,
  createIamService,
  createInvokeEndpointRoute,
  createItemRoute,
  createLogsService,
  createPersonalizeEventsService,
  createPersonalizeRuntimeService,
  createPersonalizeService,
  createRecommendationsRoute,
  createS3Service,
  createSageMakerRuntimeService,
  createSageMakerService,
  createSmallObjectRoute,
  createSnsService,
  createSqsService,
  createStsService,
} from "@rondo/services";
import type { DirectRoute, ServiceDefinition } from "@rondo/wire";
import type { Ports } from "./ports.ts";

/** Every AWS service that the one port answers. */
export function createServices(ports: Ports): ServiceDefinition[] {
  return [
    createSageMakerService(ports),
    createSageMakerRuntimeService(ports),
    createPersonalizeService(ports),
    createPersonalizeRuntimeService(ports),
    createPersonalizeEventsService(ports),
    createS3Service(ports),
    createDynamoDbService(ports),
    createLogsService(ports),
    createCloudWatchService(ports),
    createSnsService(ports),
    createSqsService(ports),
    createStsService(ports),
    createIamService(ports),
  ];
}

/** What goes around the schemas because it is hot, or tells more than they let through; the same operations are in the services, with the same semantics. */
export function createDirectRoutes(ports: Ports): DirectRoute[] {
  return [
    createInvokeEndpointRoute(ports.serving),
    createSmallObjectRoute(ports),
    createItemRoute(ports),
    createRecommendationsRoute(ports),
    createExtrasRoute(ports),
  ];
}
