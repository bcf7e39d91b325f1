import { createHash } from "node:crypto";
import type { ResourceQuery } from "./resources.ts";
import { StoreError } from "./store-error.ts";

/** Where a page ended: the value sorted by (ISO for times) and the row's id. */
export interface PagePosition {
  readonly value: string;
  readonly id: number;
}

/** A token continues the query it came from and no other. */
function fingerprint(query: ResourceQuery): string {
  const { limit: _limit, nextToken: _nextToken, ...rest } = query;
  return JSON.stringify(
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * A checksum, not a signature: a token only says where to go on within the owner's own rows, so nothing is gained by forging one; but a
 * damaged or foreign one must not give a wrong page.
 */
function checksum(position: string, query: ResourceQuery): string {
  return createHash("sha256")
    .update(`${position}\n${fingerprint(query)}`)
    .digest("base64url")
    .slice(0, 16);
}

/** The opaque token of the page after `position`. */
export function encodeToken(position: PagePosition, query: ResourceQuery): string {
  const text = Buffer.from(JSON.stringify([position.value, position.id])).toString("base64url");
  return `${text}.${checksum(text, query)}`;
}

/** Throws StoreError "InvalidToken" for one that was changed or belongs to another query. */
export function decodeToken(token: string, query: ResourceQuery): PagePosition {
  const [text = "", check, ...rest] = token.split(".");
  if (rest.length > 0 || check !== checksum(text, query)) {
    throw new StoreError(
      "InvalidToken",
      "The token is not one of this listing: use the one of the page before, with the same filters.",
    );
  }
  const [value, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as [string, number];
  return { value, id };
}
