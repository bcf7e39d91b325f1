import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import type { Dependency } from "./health.ts";
import { allowedHostsOf, listen } from "./listen.ts";
import { createWebService } from "./web-service.ts";

/** One of the seven services. */
export interface ServiceDefinition {
  /** `feedback-service` */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Where it listens unless something else is said. */
  readonly port: number;
  /** Opens what it holds: files, background work. */
  open(context: ApplicationContext): Promise<OpenService>;
}

export interface OpenService {
  readonly dependencies: readonly Dependency[];
  /** What `GET /health` shows beside the dependencies, with its schema. */
  readonly facts?: { readonly schema: Readonly<Record<string, object>>; read(): Record<string, unknown> };
  routes(service: FastifyInstance): void;
  /** Finishes or leaves to the next start what runs in the background. */
  close?(): Promise<void>;
}

export interface RunningService extends AsyncDisposable {
  readonly name: string;
  /** `http://127.0.0.1:8001` */
  readonly url: string;
  /** Answers what runs and stops listening. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Named when the port is taken. */
  readonly portSetting: string;
}

/** Opens the service and listens. Throws, naming the port and its setting, when the port is taken. */
export async function startService(
  definition: ServiceDefinition,
  context: ApplicationContext,
  options: StartOptions,
): Promise<RunningService> {
  const { name, summary } = definition;
  const open = await definition.open(context);
  const service = createWebService({
    name,
    summary,
    dependencies: open.dependencies,
    ...(open.facts !== undefined && { facts: open.facts }),
    routes: open.routes,
    allowedHosts: allowedHostsOf(options.host),
    onFault: context.onFault,
  });
  try {
    const url = await listen(service, options);
    const close = async (): Promise<void> => {
      await service.close();
      await open.close?.();
    };
    return { name, url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await open.close?.();
    throw error;
  }
}
