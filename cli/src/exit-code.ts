/** What the process ends with; `rondo --help` prints this table. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: "done" },
  failure: { code: 1, meaning: "failed; the reason is on standard error" },
  usage: { code: 2, meaning: "unknown command or option, or a value that cannot be right" },
  unreachable: { code: 3, meaning: "no server answers at the endpoint" },
  notFound: { code: 4, meaning: "no such job, endpoint or log" },
  interrupted: { code: 130, meaning: "interrupted by Ctrl-C" },
} as const;

export type Outcome = keyof typeof EXIT_CODES;
