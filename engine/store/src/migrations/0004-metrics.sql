-- CloudWatch metrics: a series per name and set of dimensions, a row per series and period however many values were put.
CREATE TABLE metric_series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,
  region text NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  dimensions jsonb NOT NULL,
  -- SHA-256 of the sorted dimensions in hexadecimal: 30 of them would not fit an index entry.
  dimensions_hash text COLLATE "C" NOT NULL,
  -- When data last arrived, to within five minutes: a series that is written all the time is not updated all the time.
  last_put_at timestamptz NOT NULL,
  UNIQUE (account_id, region, namespace, name, dimensions_hash)
);

CREATE TABLE metric_point (
  series_id bigint NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
  -- Seconds that the row stands for: 1, 60, and what older rows are rolled up to, 300 and 3600.
  resolution integer NOT NULL,
  -- Seconds since 1970, a multiple of resolution.
  start bigint NOT NULL,
  unit text NOT NULL,
  sample_count double precision NOT NULL,
  sum double precision NOT NULL,
  minimum double precision NOT NULL,
  maximum double precision NOT NULL,
  -- {"level": n, "values": [[value, count], …]}: see sketch.ts.
  sketch jsonb NOT NULL,
  PRIMARY KEY (series_id, start, resolution, unit)
);
CREATE INDEX metric_point_by_age ON metric_point (resolution, start);
