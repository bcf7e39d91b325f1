import { StoreError } from "../store-error.ts";
import type { Bodies } from "./bodies.ts";
import { createRunningDigest, DEFAULT_CHECKSUM, type Digest, digestOf, verifyDigest } from "./digest.ts";
import type { AnnouncedBody } from "./objects.ts";

/** A body that has arrived and was checked: at hand, or durable in its home under `id`. */
export interface TakenBody {
  readonly digest: Digest;
  readonly content: { readonly inline: Uint8Array } | { readonly id: string };
}

export interface BodyIntake {
  readonly bodies: Bodies;
  /** Bytes up to which a body stays inline. */
  readonly inlineBytes: number;
  readonly createId: () => string;
}

/** The largest body of one upload or part (5 GiB), as S3 has it. */
const MAX_BODY_BYTES = 5 * 2 ** 30;

/** Takes a body in, checking it against what was announced; upon a mismatch nothing stays behind. */
export async function takeBody(
  { bodies, inlineBytes, createId }: BodyIntake,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  announced: AnnouncedBody,
): Promise<TakenBody> {
  if ((announced.contentLength ?? 0) > MAX_BODY_BYTES) throw entityTooLarge();
  const algorithm = announced.checksum?.algorithm ?? DEFAULT_CHECKSUM;
  if (body instanceof Uint8Array) {
    const digest = digestOf(body, algorithm);
    verifyDigest(digest, announced);
    if (body.byteLength <= inlineBytes) return { digest, content: { inline: body } };
    const id = createId();
    await bodies.write(id, only(body), announced.signal);
    return { digest, content: { id } };
  }
  const chunks = body[Symbol.asyncIterator]();
  const head = await readHead(chunks, inlineBytes);
  if (head.ended) {
    const inline = Buffer.concat(head.chunks);
    const digest = digestOf(inline, algorithm);
    announced.signal?.throwIfAborted();
    verifyDigest(digest, announced);
    return { digest, content: { inline } };
  }
  const id = createId();
  const running = createRunningDigest(algorithm);
  let digest: Digest | undefined;
  const checked = async function* (): AsyncIterable<Uint8Array> {
    let size = 0;
    for await (const chunk of resume(head.chunks, chunks)) {
      size += chunk.byteLength;
      if (size > (announced.contentLength ?? MAX_BODY_BYTES)) throw tooMuch(announced);
      running.update(chunk);
      yield chunk;
    }
    // Within the source: what does not match makes the write itself fail, and so leaves nothing.
    digest = running.finish();
    verifyDigest(digest, announced);
  };
  await bodies.write(id, checked(), announced.signal);
  return { digest: digest as Digest, content: { id } };
}

/**
 * Writes the row of a body that was taken in; when that is refused, removes the body. After any other failure the row may have been written
 * nevertheless: then the sweep decides.
 */
export async function keepBody<Result>(
  bodies: Bodies,
  { content }: TakenBody,
  writeRow: () => Promise<Result>,
): Promise<Result> {
  try {
    return await writeRow();
  } catch (error) {
    if (error instanceof StoreError && "id" in content) await bodies.remove(content.id);
    throw error;
  }
}

/** Reads until more than `bytes` have come or the source has ended. */
async function readHead(source: AsyncIterator<Uint8Array>, bytes: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= bytes) {
    const next = await source.next();
    if (next.done) return { chunks, ended: true };
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  return { chunks, ended: false };
}

/** Goes on after `readHead`, and tells the source when nobody reads on. */
async function* resume(head: readonly Uint8Array[], source: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* head;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function tooMuch({ contentLength }: AnnouncedBody): StoreError {
  if (contentLength === undefined) return entityTooLarge();
  return new StoreError("IncompleteBody", "The request body is longer than the Content-Length HTTP header says");
}

function entityTooLarge(): StoreError {
  return new StoreError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    MaxSizeAllowed: MAX_BODY_BYTES,
  });
}
