-- The definitions of a pipeline, one for each version: executions keep the one that they began with.
create table pipeline_version (
  pipeline_id bigint not null references resource (id) on delete cascade,
  version integer not null,
  definition text not null,
  created_at timestamptz not null,
  primary key (pipeline_id, version)
);

-- What a step that succeeded made, by what it was made of: the most recent run of each. Read by steps with a CacheConfig.
create table pipeline_step_result (
  pipeline_id bigint not null references resource (id) on delete cascade,
  cache_key text collate "C" not null,
  execution_arn text not null,
  resource_name text not null,
  resource_arn text not null,
  succeeded_at timestamptz not null,
  primary key (pipeline_id, cache_key)
);
