import { createHash } from "node:crypto";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import type { Authenticated } from "./authenticate.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import { awsChunkedDecoder } from "./aws-chunked.ts";
import { sameSignature } from "./signing-key.ts";

/** The body of an authenticated request, verified while it passes: it ends with an error when it is not what was signed. */
export function verifiedBody(request: Readable, authenticated: Authenticated): Readable {
  const { payloadHash } = authenticated;
  if (payloadHash === "UNSIGNED-PAYLOAD")
    return through(request, new Transform({ transform: (chunk, _, done) => done(null, chunk) }));
  return through(
    request,
    payloadHash.startsWith("STREAMING-") ? awsChunkedDecoder(authenticated) : hashVerifier(payloadHash),
  );
}

function hashVerifier(expected: string): Transform {
  const hash = createHash("sha256");
  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(sameSignature(hash.digest("hex"), expected) ? null : new AuthenticationFailure("tampered-body"));
    },
  });
}

/** `pipe` that passes errors on and stops reading when nobody wants the rest. */
function through(source: Readable, target: Transform): Readable {
  source.once("error", (error) => target.destroy(error));
  source.once("close", () => {
    if (!source.readableEnded) target.destroy(new Error("The client went away before its body was complete"));
  });
  target.once("close", () => source.unpipe(target));
  return source.pipe(target);
}
