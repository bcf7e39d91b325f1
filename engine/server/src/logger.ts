import { type DestinationStream, destination, type Logger, pino } from "pino";

const DEEPEST_CAUSE = 4;
const LONGEST_TEXT = 4096;

/**
 * JSON lines on standard error, so that standard output stays the program's answer. Of an error only name, code, message, stack and causes are
 * written: what else it carries may hold people's data (`detail` of a database error quotes the row).
 */
export function createLogger(level: string, stream: DestinationStream = destination({ dest: 2, sync: true })): Logger {
  return pino({ level, base: undefined, serializers: { error: (error: unknown) => describeError(error) } }, stream);
}

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, LONGEST_TEXT);
  const { name, message, stack, cause } = error;
  return {
    name,
    code: "code" in error ? error.code : undefined,
    message: message.slice(0, LONGEST_TEXT),
    stack: stack?.slice(0, LONGEST_TEXT),
    cause: cause === undefined || depth === DEEPEST_CAUSE ? undefined : describeError(cause, depth + 1),
  };
}
