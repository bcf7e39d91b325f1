/** What one request or connection may use. Times in milliseconds, sizes in bytes. */
export interface WireLimits {
  /** All header lines of one request together (431 beyond). */
  readonly headerBytes: number;
  /** Header lines of one request (431 beyond). */
  readonly headerCount: number;
  /** Connections at the same time; more are closed at once. */
  readonly connections: number;
  /** Requests of one HTTP/1.1 connection that wait for their answers; beyond it the connection is cut. */
  readonly pipelinedRequests: number;
  /** A body that is held in memory; bodies that stream are not limited here (413 beyond). */
  readonly bufferedBodyBytes: number;
  /** Nesting of JSON and CBOR values and of XML elements. */
  readonly nestingDepth: number;
  /** From the first byte of a connection to the end of a request's headers. */
  readonly headersTimeout: number;
  /** Longest silence while a body is being sent. */
  readonly bodyIdleTimeout: number;
  /** A connection that sends nothing at all, or idles between two requests. */
  readonly idleTimeout: number;
  /** Concurrent streams of one HTTP/2 connection. */
  readonly concurrentStreams: number;
}

/** AWS refuses JSON nested deeper than some hundreds of levels; no shape of its APIs comes near 128. */
export const defaultLimits: WireLimits = {
  headerBytes: 64 * 1024,
  headerCount: 256,
  connections: 4096,
  pipelinedRequests: 256,
  bufferedBodyBytes: 50 * 1024 * 1024,
  nestingDepth: 128,
  headersTimeout: 15_000,
  bodyIdleTimeout: 60_000,
  idleTimeout: 65_000,
  concurrentStreams: 256,
};
