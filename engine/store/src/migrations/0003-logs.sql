-- CloudWatch Logs: groups hold streams, streams hold events. Names sort by bytes, as AWS lists them.
CREATE TABLE log_group (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,
  region text NOT NULL,
  name text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  retention_days integer,
  tags jsonb NOT NULL DEFAULT '{}',
  UNIQUE (account_id, region, name)
);

CREATE TABLE log_stream (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  group_id bigint NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  -- Milliseconds since 1970, as events carry them; 0 while the stream is empty, so that ordering needs no special case.
  first_event_at bigint NOT NULL DEFAULT 0,
  last_event_at bigint NOT NULL DEFAULT 0,
  last_ingested_at bigint NOT NULL DEFAULT 0,
  stored_bytes bigint NOT NULL DEFAULT 0,
  -- How far the writer's source has been read; an append at or before it is a repetition and writes nothing.
  position bigint NOT NULL DEFAULT -1,
  UNIQUE (group_id, name)
);
CREATE INDEX log_stream_by_last_event ON log_stream (group_id, last_event_at, name);

-- No foreign key: a deleted stream vanishes at once, and its events, which may be millions, are deleted in pages afterwards.
CREATE TABLE log_event (
  stream_id bigint NOT NULL,
  timestamp bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  ingested_at bigint NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (stream_id, timestamp, id)
);

CREATE TABLE log_stream_deleted (
  stream_id bigint PRIMARY KEY
);
