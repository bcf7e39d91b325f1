-- Key pairs that requests are signed with. Roles and policies are resources (0001). A secret must be readable: verifying SigV4 recomputes the
-- signature with it.
CREATE TABLE access_key (
  access_key_id text PRIMARY KEY,
  secret_access_key text NOT NULL,
  session_token text,
  account_id text NOT NULL,
  arn text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);
CREATE INDEX access_key_by_account ON access_key (account_id, access_key_id);
CREATE INDEX access_key_by_expiry ON access_key (expires_at) WHERE expires_at IS NOT NULL;
