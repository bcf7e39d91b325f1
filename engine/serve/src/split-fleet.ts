import type { EndpointRef } from "./deployment.ts";
import type { Fleet, Invocation, InvocationOptions } from "./fleet.ts";

/** Two fleets of one endpoint while a roll-out moves its traffic from one to the other: both are loaded, each answers its share of the requests. */
export class SplitFleet {
  readonly outgoing: Fleet;
  readonly incoming: Fleet;
  /** Of the requests, what goes to `incoming`: 0 … 1. */
  readonly share: number;
  readonly #random: () => number;

  constructor(
    fleets: { readonly outgoing: Fleet; readonly incoming: Fleet },
    share: number,
    /** Uniform in [0, 1). */
    random: () => number,
  ) {
    this.outgoing = fleets.outgoing;
    this.incoming = fleets.incoming;
    this.share = share;
    this.#random = random;
  }

  get endpoint(): EndpointRef {
    return this.outgoing.endpoint;
  }

  /** Throws as `Fleet.invoke` does. */
  invoke(options: InvocationOptions): Invocation | Promise<Invocation> {
    return this.#choose(options.targetVariant).invoke(options);
  }

  /** A variant that only one of the fleets has is answered by that one. */
  #choose(targetVariant: string | undefined): Fleet {
    if (targetVariant !== undefined) {
      if (!this.incoming.hasVariant(targetVariant)) return this.outgoing;
      if (!this.outgoing.hasVariant(targetVariant)) return this.incoming;
    }
    return this.#random() < this.share ? this.incoming : this.outgoing;
  }
}

/** What answers an endpoint's requests. */
export type Route = Fleet | SplitFleet;

/** Every fleet that a route keeps loaded. */
export function fleetsOf(route: Route | undefined): Fleet[] {
  if (route === undefined) return [];
  return route instanceof SplitFleet ? [route.outgoing, route.incoming] : [route];
}
