/** A key pair that may sign requests, and whom it belongs to. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary credentials: requests must carry exactly this `x-amz-security-token`. */
  readonly sessionToken?: string;
  readonly accountId: string;
  /** `arn:aws:iam::<account>:user/<name>` or the ARN of an assumed role. */
  readonly arn: string;
  readonly expiresAt?: Date;
}

/** Where key pairs are found. A synchronous answer keeps the hot path free of promises. */
export interface CredentialStore {
  readonly find: (accessKeyId: string) => Credential | undefined | Promise<Credential | undefined>;
}
