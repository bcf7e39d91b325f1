import { createHash, type Hash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { awsError } from "../error.ts";
import type { StreamingBody } from "../service.ts";
import type { Authenticated } from "./authenticate.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import { sameSignature, sha256, signText } from "./signing-key.ts";

/** Longest line of a chunk header or a trailer: size, signature, checksum. */
const longestLine = 1024;
const mostTrailers = 16;
const emptyHash = sha256("");

const incomplete = (message: string) => awsError("IncompleteBody", message, { status: 400 });

/**
 * Decodes `aws-chunked` bodies, signed or not, with or without trailers, and verifies every chunk signature and the trailer's
 * (S3 API Reference, "Signature calculations: transferring payload in multiple chunks"). Trailers are checked against `x-amz-trailer-signature`
 * and stand in `trailers` of the decoded stream when it has ended.
 */
export function awsChunkedDecoder(authenticated: Authenticated): Transform & StreamingBody {
  const { payloadHash } = authenticated;
  const form = chunkForms[payloadHash];
  if (form === undefined)
    throw awsError("NotImplemented", `The payload form ${payloadHash.slice(0, 64)} is not implemented.`, {
      status: 501,
    });
  const parser = createParser(form.signed ? createChunkVerifier(authenticated) : undefined, form.trailer);
  const decoder = new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      try {
        parser.write(chunk, (data) => this.push(data));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      done(parser.isComplete() ? null : incomplete("The body ended before its last chunk."));
    },
  });
  return Object.assign(decoder, { trailers: parser.trailers });
}

const chunkForms: Readonly<Record<string, { signed: boolean; trailer: boolean }>> = {
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": { signed: false, trailer: true },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": { signed: true, trailer: false },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": { signed: true, trailer: true },
};

interface ChunkVerifier {
  readonly begin: (signature: string | undefined) => void;
  readonly data: (bytes: Buffer) => void;
  readonly end: () => void;
  readonly trailer: (lines: readonly string[], signature: string | undefined) => void;
}

/** Each chunk's signature covers the one before it: nothing can be changed, left out or put elsewhere. */
function createChunkVerifier({ seed }: Authenticated): ChunkVerifier {
  if (seed === undefined)
    throw new AuthenticationFailure("malformed", "Chunk signatures need an AWS4-HMAC-SHA256 authorization.");
  const { claim, key } = seed;
  let previous = claim.signature;
  let claimed = "";
  let hash: Hash | undefined;
  const verify = (algorithm: string, rest: string, given: string): void => {
    const expected = signText(key, `${algorithm}\n${claim.date}\n${claim.scope.text}\n${previous}\n${rest}`);
    if (!sameSignature(expected, given)) throw new AuthenticationFailure("wrong-signature");
    previous = expected;
  };
  return {
    begin(signature) {
      claimed = signature ?? "";
      hash = createHash("sha256");
    },
    data: (bytes) => void hash?.update(bytes),
    end: () => verify("AWS4-HMAC-SHA256-PAYLOAD", `${emptyHash}\n${hash?.digest("hex")}`, claimed),
    trailer: (lines, signature) =>
      verify("AWS4-HMAC-SHA256-TRAILER", sha256(lines.map((line) => `${line}\n`).join("")), signature ?? ""),
  };
}

/** size;chunk-signature=… CRLF bytes CRLF … 0 CRLF trailer:value CRLF … CRLF */
function createParser(verifier: ChunkVerifier | undefined, hasTrailer: boolean) {
  let state: "size" | "data" | "data-end" | "trailer" | "complete" = "size";
  let line = "";
  let left = 0;
  const trailers: string[] = [];
  const trailersByName: Record<string, string> = {};

  function endLine(): void {
    const text = line;
    line = "";
    if (state === "size") {
      left = chunkSize(text);
      verifier?.begin(/;chunk-signature=([0-9a-f]{64})/.exec(text)?.[1]);
      if (left === 0) verifier?.end();
      state = left === 0 ? "trailer" : "data";
    } else if (state === "data-end") {
      if (text !== "") throw incomplete("A chunk is longer than it says.");
      state = "size";
    } else if (text !== "") {
      trailers.push(text);
      if (trailers.length > mostTrailers) throw incomplete("The body has too many trailers.");
    } else finish();
  }

  function finish(): void {
    const signature = trailers
      .find((trailer) => trailer.startsWith("x-amz-trailer-signature:"))
      ?.slice(24)
      .trim();
    const signed = trailers.filter((trailer) => !trailer.startsWith("x-amz-trailer-signature:"));
    if (hasTrailer) verifier?.trailer(signed, signature);
    for (const trailer of signed) {
      const colon = trailer.indexOf(":");
      trailersByName[trailer.slice(0, colon).trim().toLowerCase()] = trailer.slice(colon + 1).trim();
    }
    state = "complete";
  }

  return {
    trailers: trailersByName as Readonly<Record<string, string>>,
    write(bytes: Buffer, push: (data: Buffer) => void): void {
      let at = 0;
      while (at < bytes.length) {
        if (state === "complete") throw incomplete("The body goes on after its last chunk.");
        if (state === "data") {
          const data = bytes.subarray(at, at + left);
          at += data.length;
          left -= data.length;
          verifier?.data(data);
          if (left === 0) {
            verifier?.end();
            state = "data-end";
          }
          push(data);
          continue;
        }
        const newline = bytes.indexOf(0x0a, at);
        line += bytes.toString("latin1", at, newline < 0 ? undefined : newline);
        if (line.length > longestLine) throw incomplete("A chunk header is too long.");
        at = newline < 0 ? bytes.length : newline + 1;
        if (newline < 0) continue;
        line = line.replace(/\r$/, "");
        endLine();
      }
    },
    /** Some clients leave out the empty line where no trailer was announced. */
    isComplete: () => state === "complete" || (state === "trailer" && !hasTrailer && line === ""),
  };
}

function chunkSize(line: string): number {
  const digits = /^([0-9a-fA-F]{1,12})(;|$)/.exec(line)?.[1];
  if (digits === undefined) throw incomplete("A chunk does not begin with its size.");
  return Number.parseInt(digits, 16);
}
