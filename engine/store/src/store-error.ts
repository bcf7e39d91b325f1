/** A refusal of the store, with a code that the services translate (for S3 it is the AWS code itself). */
export class StoreError extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "StoreError";
    this.code = code;
    this.fields = fields;
  }
}
