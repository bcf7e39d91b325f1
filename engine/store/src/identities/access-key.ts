import type { SqlConnection } from "../sql.ts";

/** A key pair that signs requests, and whom it stands for. */
export interface AccessKey {
  /** `AKIA…` for lasting keys, `ASIA…` for temporary ones. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys: requests carry it as `x-amz-security-token`. */
  readonly sessionToken?: string;
  readonly accountId: string;
  /** `arn:aws:iam::<account>:root`, a user's ARN, or an assumed role's. */
  readonly arn: string;
  readonly expiresAt?: Date;
}

interface AccessKeyRow {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  readonly accountId: string;
  readonly arn: string;
  readonly expiresAt: Date | null;
}

const columns = `access_key_id AS "accessKeyId", secret_access_key AS "secretAccessKey", session_token AS "sessionToken",
  account_id AS "accountId", arn, expires_at AS "expiresAt"`;

export async function insertAccessKey(sql: SqlConnection, key: AccessKey, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO access_key (access_key_id, secret_access_key, session_token, account_id, arn, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      key.accessKeyId,
      key.secretAccessKey,
      key.sessionToken ?? null,
      key.accountId,
      key.arn,
      now,
      key.expiresAt ?? null,
    ],
  );
}

export async function selectAccessKey(sql: SqlConnection, accessKeyId: string): Promise<AccessKey | undefined> {
  const [row] = await sql.query<AccessKeyRow>(
    `SELECT ${columns} FROM access_key WHERE access_key_id = $1`,
    [accessKeyId],
    { name: "find-access-key" },
  );
  return row && accessKeyOf(row);
}

/** A page of an account's lasting keys in the order of their ids. */
export async function selectAccessKeys(
  sql: SqlConnection,
  page: { readonly accountId: string; readonly startAfter: string; readonly limit: number },
): Promise<AccessKey[]> {
  const rows = await sql.query<AccessKeyRow>(
    `SELECT ${columns} FROM access_key WHERE account_id = $1 AND access_key_id > $2 AND expires_at IS NULL ORDER BY access_key_id LIMIT $3`,
    [page.accountId, page.startAfter, page.limit],
  );
  return rows.map(accessKeyOf);
}

function accessKeyOf({ sessionToken, expiresAt, ...row }: AccessKeyRow): AccessKey {
  return { ...row, ...(sessionToken !== null && { sessionToken }), ...(expiresAt !== null && { expiresAt }) };
}
