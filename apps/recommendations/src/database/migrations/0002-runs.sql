-- Work in the background that takes several steps: loading, training, filling the cache, looking at quality.
create table recommendations.runs (
  run_id uuid primary key,
  kind text not null,
  status text not null check (status in ('Running', 'Succeeded', 'Failed')),
  step text not null,
  state jsonb not null,
  reason text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  due_at timestamptz not null,
  claimed_by uuid,
  claimed_until timestamptz not null default '-infinity',
  failure_reason text
);
create unique index one_running_of_a_kind on recommendations.runs (kind) where status = 'Running';
create index runs_by_kind on recommendations.runs (kind, started_at);
