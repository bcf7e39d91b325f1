import { isIP } from "node:net";
import { awsError } from "../error.ts";

/**
 * Whether a `Host` may name this server: a name that is not ours belongs to a page that had it resolved to us (DNS rebinding). Addresses need no
 * resolving, so they are safe.
 */
export function createHostCheck(allowed: readonly string[]) {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  return (host: string | undefined): void => {
    const name = hostName(host ?? "");
    const suffix = [...names].find((candidate) => name.endsWith(`.${candidate}`));
    if (
      name === "" ||
      name === "localhost" ||
      name.endsWith(".localhost") ||
      isIP(name) !== 0 ||
      names.has(name) ||
      suffix !== undefined
    )
      return;
    throw awsError("AccessDenied", `This server does not answer to the host name '${name.slice(0, 255)}'.`, {
      status: 403,
    });
  };
}

/** `[::1]:4700` → `::1`, `LOCALHOST:80` → `localhost`. */
export function hostName(host: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d+$/, "")).toLowerCase();
}
