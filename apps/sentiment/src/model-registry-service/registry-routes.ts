import { randomUUID } from "node:crypto";
import type { ModelApprovalStatus } from "@aws-sdk/client-sagemaker";
import type { FastifyInstance } from "fastify";
import type { AnswerCache } from "../storage/answer-cache.ts";
import type { StoredIn } from "../storage/fallback-store.ts";
import { answers } from "../web/service-error.ts";
import { UUID_SCHEMA } from "../web/uuid-schema.ts";
import type { ActiveModel, ModelRegistry, ModelVersion, Registration } from "./model-registry.ts";

const APPROVALS: readonly ModelApprovalStatus[] = ["Approved", "PendingManualApproval", "Rejected"];

/** The body of `POST /register`. */
interface RegisterRequest {
  readonly training_job_name: string;
  readonly approval_status?: ModelApprovalStatus;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly registration_id?: string;
}

const REGISTER_BODY = {
  type: "object",
  required: ["training_job_name"],
  additionalProperties: false,
  properties: {
    training_job_name: { type: "string", pattern: "^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$" },
    approval_status: { type: "string", enum: APPROVALS, description: "Default: PendingManualApproval" },
    description: { type: "string", minLength: 1, maxLength: 1024 },
    metadata: {
      type: "object",
      maxProperties: 40,
      propertyNames: { pattern: "^[\\w.:/=+@-]{1,128}$" },
      additionalProperties: { type: "string", maxLength: 256 },
    },
    registration_id: { ...UUID_SCHEMA, description: "Sent twice with one id, it is registered once" },
  },
} as const;

const VERSION = {
  type: "object",
  required: ["version", "model_package_arn", "status", "approval_status", "created_at"],
  properties: {
    version: { type: "integer" },
    model_package_arn: { type: "string" },
    status: { type: "string" },
    approval_status: { type: "string" },
    created_at: { type: "string" },
    description: { type: "string" },
    artifact: { type: "string" },
    metadata: { type: "object", additionalProperties: { type: "string" } },
  },
} as const;

const FRESHNESS = {
  stale: { type: "boolean", description: "Whether it is from models.json, since SageMaker is out of reach" },
  read_at: { type: "string", description: "When SageMaker said so" },
} as const;

const MODELS = {
  description: "The latest 100 versions",
  type: "object",
  required: ["models", "stale", "read_at"],
  properties: { models: { type: "array", items: VERSION }, ...FRESHNESS },
} as const;

const ACTIVE = {
  description: "What answers predictions",
  type: "object",
  required: ["endpoint_name", "endpoint_status", "variants", "stale", "read_at"],
  properties: {
    endpoint_name: { type: "string" },
    endpoint_status: { type: "string" },
    variants: {
      type: "array",
      items: {
        type: "object",
        required: ["variant", "model_name", "share"],
        properties: {
          variant: { type: "string" },
          model_name: { type: "string" },
          share: { type: "number", description: "Of the traffic, 0 to 1" },
          version: { type: "integer" },
          model_package_arn: { type: "string" },
        },
      },
    },
    ...FRESHNESS,
  },
} as const;

const REGISTERED = {
  description: "Registered",
  type: "object",
  required: ["registration_id", "stored_in", "model"],
  properties: {
    registration_id: { type: "string" },
    stored_in: { type: "string", enum: ["store", "fallback"] satisfies StoredIn[] },
    model: { ...VERSION, type: ["object", "null"] },
  },
} as const;

/** What models.json keeps. */
export interface RegistryAnswers {
  readonly models: readonly ModelVersion[];
  readonly active: ActiveModel;
}

/** The versions that are shown and kept: the latest. */
const MOST_VERSIONS = 100;

export interface RegistryRoutesOptions {
  readonly registry: Pick<ModelRegistry, "list" | "active">;
  readonly cache: AnswerCache<RegistryAnswers>;
  register(registration: Registration): Promise<{ readonly storedIn: StoredIn; readonly model?: ModelVersion }>;
  readonly clock: { now(): Date };
}

/** `POST /register`, `GET /models`, `GET /active-model` (S-3, S-41). */
export function registryRoutes(options: RegistryRoutesOptions): (service: FastifyInstance) => void {
  const { registry, cache, register, clock } = options;
  return (service) => {
    service.get(
      "/models",
      { schema: { summary: "Versions of the model, latest first", response: answers({ 200: MODELS }) } },
      async () => {
        const { value, ...about } = await cache.answer("models", (signal) => registry.list(MOST_VERSIONS, signal));
        return { models: value, ...about };
      },
    );
    service.get(
      "/active-model",
      { schema: { summary: "The model that answers predictions", response: answers({ 200: ACTIVE }) } },
      async () => {
        const { value, ...about } = await cache.answer("active", (signal) => registry.active(signal));
        return { ...value, ...about };
      },
    );
    service.post<{ Body: RegisterRequest }>(
      "/register",
      {
        schema: {
          summary: "Register the model of a training job",
          body: REGISTER_BODY,
          response: answers({ 201: REGISTERED, 202: { ...REGISTERED, description: "Waits until SageMaker is back" } }),
        },
      },
      async (request, reply) => {
        const { registration_id = randomUUID(), approval_status, metadata = {}, ...rest } = request.body;
        const { storedIn, model } = await register({
          ...rest,
          registration_id,
          metadata,
          approval_status: approval_status ?? "PendingManualApproval",
          registered_at: clock.now().toISOString(),
        });
        return reply
          .code(storedIn === "store" ? 201 : 202)
          .send({ registration_id, stored_in: storedIn, model: model ?? null });
      },
    );
  };
}
