import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

interface AskedProps<Result> {
  readonly query: UseQueryResult<Result>;
  /** What is asked for: `the offers`. */
  readonly what: string;
  readonly children: (result: Result) => ReactNode;
}

/** What was asked for, or that it is on its way, or why it did not come, with a way to ask again. */
export function Asked<Result>({ query, what, children }: AskedProps<Result>): ReactNode {
  const { data, error, isPending, refetch } = query;
  if (data !== undefined) return children(data);
  if (isPending) return <p className="faint">Loading {what} …</p>;
  return (
    <div className="failure" role="alert">
      <p>{error?.message ?? `Nothing is known of ${what}.`}</p>
      <button type="button" onClick={() => void refetch()}>
        Try again
      </button>
    </div>
  );
}
