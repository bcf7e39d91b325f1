import type { CapturingConfiguration } from "./sign-requests.ts";

/** One kind of request to measure. Clients find server and credentials in the environment. */
export interface Scenario {
  readonly name: string;
  /** What it is to reach, on 2 cores shared with the load generator. */
  readonly goal: {
    readonly requestsPerSecond: number;
    readonly p99Milliseconds?: number;
    /** Requests per second relative to a bare node:http echo in the same run. */
    readonly shareOfEcho?: number;
  };
  /** How many different requests are sent in turn. Default: 256. */
  readonly distinctRequests?: number;
  /** Makes what the requests need, with the official clients. */
  prepare(): Promise<void>;
  /** Sends request number `index` with a client of this configuration. */
  send(index: number, configuration: CapturingConfiguration): Promise<unknown>;
}
