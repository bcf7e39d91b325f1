const HEAD = Buffer.from('{"instances":["');
const TAIL = Buffer.from('"]}');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The spaced form that Python's json.dumps writes. */
const SPACED_HEAD = Buffer.from('{"instances": ["');

/**
 * The text's bytes of a request that holds one instance and nothing else, `{"instances":["text"]}`, when they need no
 * unescaping; undefined for any other request. It saves the hot path from parsing JSON and from making strings.
 */
export function findOnlyInstance(body: Buffer): Uint8Array | undefined {
  const start = startsWith(body, HEAD) ? HEAD.length : startsWith(body, SPACED_HEAD) ? SPACED_HEAD.length : -1;
  const end = body.length - TAIL.length;
  if (start < 0 || end < start) return undefined;
  for (let index = 0; index < TAIL.length; index++) if (body[end + index] !== TAIL[index]) return undefined;
  for (let index = start; index < end; index++) {
    const byte = body[index] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) return undefined;
  }
  return body.subarray(start, end);
}

function startsWith(body: Buffer, head: Buffer): boolean {
  if (body.length < head.length) return false;
  for (let index = 0; index < head.length; index++) if (body[index] !== head[index]) return false;
  return true;
}
