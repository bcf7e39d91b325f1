-- What most people buy, for whom nothing better is known: per location, and with the location '' everywhere.
create table recommendations.popular_products (
  location text not null,
  rank integer not null,
  product_id varchar(255) not null,
  buyers integer not null,
  primary key (location, rank)
);

-- The random sample of a region's active users that its view rests on.
create table recommendations.region_samples (
  location text primary key,
  seed bigint not null,
  sample_size integer not null,
  active_users integer not null,
  user_ids jsonb not null,
  sampled_at timestamptz not null
);

-- Answers by hour: how many, from where, how fast.
create table recommendations.answer_hours (
  hour timestamptz not null,
  route text not null,
  source text not null,
  answers integer not null,
  failures integer not null,
  -- How many took up to each bound of LATENCY_BOUNDS_MS, the last element those beyond.
  latencies integer[] not null,
  primary key (hour, route, source)
);

-- What was shown to whom, for click-through, conversion and experiments.
create table recommendations.shown_recommendations (
  recommendation_id uuid primary key,
  user_id varchar(255) not null,
  variant text,
  source text not null,
  product_ids jsonb not null,
  shown_at timestamptz not null
);
create index shown_by_user on recommendations.shown_recommendations (user_id, shown_at);
create index shown_by_time on recommendations.shown_recommendations (shown_at);

create table recommendations.clicks (
  recommendation_id uuid not null references recommendations.shown_recommendations on delete cascade,
  product_id varchar(255) not null,
  clicked_at timestamptz not null,
  primary key (recommendation_id, product_id)
);

create table recommendations.experiments (
  experiment_id uuid primary key,
  name text not null,
  -- Re-ranking of the second variant; the first one is the list as it comes.
  treatment jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz
);
create unique index one_experiment_at_a_time on recommendations.experiments ((true)) where ended_at is null;

-- What is bought together.
create table recommendations.bundles (
  product_id varchar(255) not null,
  other_id varchar(255) not null,
  orders_together integer not null,
  orders_product integer not null,
  orders_other integer not null,
  orders_total integer not null,
  lift double precision not null,
  primary key (product_id, other_id)
);

-- Solution versions of Personalize, in the order in which they were made.
create table recommendations.model_versions (
  solution_version_arn text primary key,
  solution text not null,
  run_id uuid not null,
  training_mode text not null,
  trained_at timestamptz not null,
  -- Newest order that it has seen.
  trained_through timestamptz not null,
  -- GetSolutionMetrics, on Personalize's own split.
  metrics jsonb not null,
  -- On our time-based split, beside the live version; null until judged.
  judgement jsonb,
  live_from timestamptz,
  live_until timestamptz
);
create index model_versions_by_solution on recommendations.model_versions (solution, trained_at);

create table recommendations.quality_reports (
  run_id uuid primary key,
  reported_at timestamptz not null,
  data jsonb not null,
  drift jsonb
);
