/** A request that cannot be answered as it was put; services make it InvalidInputException. The message names the field and what to do. */
export class AnsweringError extends Error {
  /** The member of the request: `userId`. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = "AnsweringError";
    this.field = field;
  }
}
