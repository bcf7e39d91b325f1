/** An attempt that failed. A permanent failure is not tried again. */
export class DeliveryError extends Error {
  readonly code: string;
  readonly isPermanent: boolean;

  constructor(code: string, message: string, isPermanent = false) {
    super(message);
    this.name = "DeliveryError";
    this.code = code;
    this.isPermanent = isPermanent;
  }
}
