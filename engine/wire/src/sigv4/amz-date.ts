import { AuthenticationFailure } from "./authentication-failure.ts";

/** AWS accepts signatures up to 15 minutes away from its own clock. */
export const allowedSkew = 15 * 60_000;

/** `20260131T235959Z` in milliseconds since 1970; NaN when it is not of that form. */
export function readAmzDate(text: string): number {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return Number.NaN;
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15));
}

/** A `Date` header, which may stand for `X-Amz-Date`, in the form that is signed; as it is when it cannot be read. */
export function amzDateOf(date: string): string {
  const time = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} (GMT|[+-]0000)$/.test(date)
    ? Date.parse(date)
    : Number.NaN;
  return Number.isNaN(time) ? date : writeAmzDate(time);
}

/** `20260131T235959Z` */
export function writeAmzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Throws when the time of a signature is further away than AWS allows; the wording is the one that SDKs correct their clock by. */
export function checkSkew(date: string, signedAt: number, now: number): void {
  if (signedAt < now - allowedSkew) {
    const limit = `${writeAmzDate(now - allowedSkew)} (${writeAmzDate(now)} - 15 min.)`;
    throw new AuthenticationFailure("skewed", `Signature expired: ${date} is now earlier than ${limit}`);
  }
  if (signedAt > now + allowedSkew) {
    const limit = `${writeAmzDate(now + allowedSkew)} (${writeAmzDate(now)} + 15 min.)`;
    throw new AuthenticationFailure("skewed", `Signature not yet current: ${date} is still later than ${limit}`);
  }
}
