/**
 * What the user can put right: a hyperparameter, the data, a request. The container writes `ClientError: <message>` to
 * `output/failure`, from where it becomes the job's FailureReason.
 */
export class ClientError extends Error {
  override readonly name = "ClientError";
}
