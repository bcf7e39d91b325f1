import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { testCredential } from "./start-wire.ts";

/** The hash that @smithy/signature-v4 asks for. */
export class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

export interface UnsignedRequest {
  readonly url: string;
  readonly service: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credential?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly signedAt?: Date;
}

function parts({
  url,
  service,
  method = "POST",
  headers = {},
  body = "",
  credential = testCredential,
}: UnsignedRequest) {
  const { hostname, host, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: "eu-central-1",
    credentials: credential,
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const query = Object.fromEntries(searchParams);
  return {
    signer,
    request: { method, protocol: "http:", hostname, path: pathname, query, headers: { host, ...headers }, body },
  };
}

/** The headers of a request signed by the official signer. */
export async function signedHeaders(unsigned: UnsignedRequest): Promise<Record<string, string>> {
  const { signer, request } = parts(unsigned);
  return (await signer.sign(request, { signingDate: unsigned.signedAt ?? new Date() })).headers;
}

/** A URL presigned by the official signer. */
export async function presignedUrl(unsigned: UnsignedRequest, expiresIn: number): Promise<string> {
  const { signer, request } = parts({ method: "GET", ...unsigned });
  const signed = await signer.presign(request, { expiresIn, signingDate: unsigned.signedAt ?? new Date() });
  return `${new URL(unsigned.url).origin}${signed.path}?${new URLSearchParams(signed.query as Record<string, string>)}`;
}
