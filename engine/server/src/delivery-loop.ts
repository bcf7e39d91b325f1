import { join } from "node:path";
import { type ControlLoop, createControlLoop, type ResourceKind } from "@rondo/control";
import { createDeliveryKind, createMailer, createSubscriptionKind } from "@rondo/services";
import type { Configuration } from "./configuration.ts";
import type { Home } from "./home.ts";
import type { Ports } from "./ports.ts";

/** Messages under way at the same time: they wait for others most of the time. */
const concurrency = 32;

export interface DeliveryLoopDependencies {
  readonly ports: Ports;
  readonly configuration: Configuration;
  readonly home: Home;
  /** Where subscribers reach this server; known once it listens. */
  readonly url: () => string;
  readonly crashPoint: ((name: string) => void) | undefined;
}

/** A loop of its own for SNS's deliveries, so that subscribers who are slow do not keep jobs and endpoints waiting. */
export function createDeliveryLoop(dependencies: DeliveryLoopDependencies): ControlLoop {
  const { ports, configuration, home, url, crashPoint } = dependencies;
  const { smtpUrl, mailFrom, privateSubscribers, hostNames } = configuration;
  const mailer = createMailer({ directory: join(home.path, "mail"), smtpUrl, from: mailFrom });
  const addresses = { allowsPrivate: privateSubscribers };
  const { resources, clock, logger } = ports;
  return createControlLoop({
    resources,
    kinds: [
      createDeliveryKind({
        ...ports,
        mailer,
        addresses,
        url: () => reachableUrl(url(), hostNames),
      }) as ResourceKind<object>,
      createSubscriptionKind(ports) as ResourceKind<object>,
    ],
    concurrency,
    clock,
    logger,
    crashPoint,
  });
}

/** Links in messages name the server as others know it. */
function reachableUrl(url: string, [hostName]: readonly string[]): string {
  const reachable = new URL(url);
  if (hostName !== undefined) reachable.hostname = hostName;
  return reachable.origin;
}
