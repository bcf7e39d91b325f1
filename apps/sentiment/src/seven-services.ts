import { evaluationService } from "./evaluation-service/evaluation-service.ts";
import { feedbackService } from "./feedback-service/feedback-service.ts";
import { inferenceService } from "./inference-service/inference-service.ts";
import { modelInitService } from "./model-init-service/model-init-service.ts";
import { modelRegistryService } from "./model-registry-service/model-registry-service.ts";
import { notificationService } from "./notification-service/notification-service.ts";
import { retrainingService } from "./retraining-service/retraining-service.ts";
import type { ServiceDefinition } from "./web/start-service.ts";

/** All services of the application, in the order of their ports. */
export const SEVEN_SERVICES = [
  inferenceService,
  feedbackService,
  modelRegistryService,
  evaluationService,
  retrainingService,
  notificationService,
  modelInitService,
] as const satisfies readonly ServiceDefinition[];
