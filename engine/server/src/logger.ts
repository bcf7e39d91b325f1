import { destination, type Logger, pino } from "pino";

/** JSON lines on standard error, so that standard output stays the program's answer. */
export function createLogger(level: string): Logger {
  return pino({ level, base: undefined }, destination({ dest: 2, sync: true }));
}
