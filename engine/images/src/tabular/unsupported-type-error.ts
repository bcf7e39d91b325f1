import { ClientError } from "../client-error.ts";

const STATUS = { "Content type": 415, Accept: 406 } as const;

/** A content type or an Accept header that the image does not have. */
export class UnsupportedTypeError extends ClientError {
  readonly status: number;

  constructor(header: keyof typeof STATUS, value: string, supported: readonly string[]) {
    super(`${header} ${value} is not supported; supported are ${supported.join(", ")}.`);
    this.status = STATUS[header];
  }
}
