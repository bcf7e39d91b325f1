import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type OutputLogEvent,
  paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import { isNotFound } from "./errors.ts";

/** One line of a container's output. */
export interface LogLine {
  /** `reviews-1/algo-1-1795269807` */
  readonly stream: string;
  readonly timestamp: Date;
  readonly message: string;
}

/** Reads the log streams of one resource from the start; each `read` yields what has come since the one before. */
export interface LogReader {
  read(signal?: AbortSignal): AsyncGenerator<LogLine>;
}

/**
 * A reader of all streams of a CloudWatch log group whose name starts with a prefix, as SageMaker names them: group
 * `/aws/sagemaker/TrainingJobs`, prefix `<job>/`. Neither group nor streams need to exist yet. Streams are read one after the other, each in
 * time order.
 *
 * @example
 * ```ts
 * import { createLogReader, Session } from "@rondo/sdk";
 * using session = new Session();
 * const reader = createLogReader(session.logs, { group: "/aws/sagemaker/TrainingJobs", streamPrefix: "reviews-1/" });
 * for await (const line of reader.read()) process.stdout.write(`${line.message}\n`);
 * ```
 */
export function createLogReader(
  logs: CloudWatchLogsClient,
  { group, streamPrefix }: { readonly group: string; readonly streamPrefix: string },
): LogReader {
  const nextTokens = new Map<string, string>();

  async function* streamNames(signal: AbortSignal | undefined): AsyncGenerator<string> {
    const query = { logGroupName: group, ...(streamPrefix !== "" && { logStreamNamePrefix: streamPrefix }) };
    for await (const page of paginateDescribeLogStreams({ client: logs }, query, { abortSignal: signal })) {
      for (const { logStreamName } of page.logStreams ?? []) if (logStreamName !== undefined) yield logStreamName;
    }
  }

  async function* newEvents(stream: string, signal: AbortSignal | undefined): AsyncGenerator<OutputLogEvent> {
    for (;;) {
      const token = nextTokens.get(stream);
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: true,
        ...(token !== undefined && { nextToken: token }),
      });
      const { events = [], nextForwardToken } = await logs.send(command, { abortSignal: signal });
      if (nextForwardToken !== undefined) nextTokens.set(stream, nextForwardToken);
      yield* events;
      // The end of a stream is where the service gives the same token back.
      if (nextForwardToken === undefined || nextForwardToken === token) return;
    }
  }

  return {
    async *read(signal) {
      try {
        for await (const stream of streamNames(signal)) {
          for await (const { timestamp, message } of newEvents(stream, signal)) {
            yield { stream, timestamp: new Date(timestamp ?? 0), message: message ?? "" };
          }
        }
      } catch (error) {
        // The group appears with its first line.
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
