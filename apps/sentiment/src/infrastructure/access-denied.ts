/** As S3, IAM, DynamoDB, SageMaker and SNS say it; a HEAD request of S3's has no body and so only the status. */
const NAMES = new Set(["AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"]);

/** Whether AWS refused since the caller lacks the right. */
export function isAccessDenied(error: unknown): boolean {
  const { name = "", $metadata } = (error ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  return NAMES.has(name) || $metadata?.httpStatusCode === 403;
}
