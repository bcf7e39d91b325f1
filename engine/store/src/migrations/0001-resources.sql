-- Things that the AWS API creates, describes, lists and deletes, and that the control loop reconciles while `due` is set.
create table resource (
  id bigint generated always as identity primary key,
  type text collate "C" not null,
  account_id text collate "C" not null,
  region text collate "C" not null,
  name text collate "C" not null,
  arn text collate "C" not null,
  status text collate "C" not null,
  body jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  due timestamptz,
  attempts integer not null default 0,
  reason text,
  -- Who reconciles the row at the moment: `instance/claim`. Not part of what `version` counts.
  lease text,
  lease_until timestamptz,
  constraint resource_key unique (account_id, region, type, name)
);

create index resource_due on resource (due, id) where due is not null;
create index resource_lease on resource (lease_until) where lease_until is not null;
create index resource_created on resource (account_id, region, type, created_at, id);
create index resource_status on resource (account_id, region, type, status, created_at, id);
