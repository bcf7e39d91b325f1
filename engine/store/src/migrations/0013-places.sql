-- The homes of the Rondos that share this database, and when each was last heard of.
create table place (
  id text collate "C" primary key,
  seen_at timestamptz not null
);

-- The home on whose disk the work on a resource lies: only its Rondo can go on with that while it is alive.
alter table resource add column place text collate "C";
