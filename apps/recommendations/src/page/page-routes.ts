import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type BundledPage, bundlePage } from "./bundle-page.ts";

/** Nothing from elsewhere: no script, font or picture of another host, and no page that frames this one. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const FILES = {
  "/page.js": { part: "script", type: "text/javascript; charset=utf-8" },
  "/page.css": { part: "style", type: "text/css; charset=utf-8" },
} as const satisfies Record<string, { readonly part: keyof BundledPage; readonly type: string }>;

/**
 * `GET /`, the shop's page, and the two files that it loads; all paths of the page itself (`/customers/…`, `/regions`, `/quality`) are behind its
 * `#`. Made at the first request and kept.
 */
export function addPageRoutes(service: FastifyInstance): void {
  let bundled: Promise<BundledPage> | undefined;
  const page = (): Promise<BundledPage> => {
    bundled ??= bundlePage().catch((error: unknown) => {
      bundled = undefined;
      throw error;
    });
    return bundled;
  };
  service.get("/", { schema: { hide: true } }, async (request, reply) => {
    reply.header("content-security-policy", CONTENT_SECURITY_POLICY);
    return send(reply, request.headers["if-none-match"], "text/html; charset=utf-8", (await page()).html);
  });
  for (const [path, { part, type }] of Object.entries(FILES)) {
    service.get(path, { schema: { hide: true } }, async (request, reply) =>
      send(reply, request.headers["if-none-match"], type, (await page())[part]),
    );
  }
}

function send(reply: FastifyReply, known: string | undefined, type: string, body: string): FastifyReply {
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  reply.header("etag", tag).header("cache-control", "no-cache").header("x-content-type-options", "nosniff");
  return known === tag ? reply.code(304).send() : reply.type(type).send(body);
}
