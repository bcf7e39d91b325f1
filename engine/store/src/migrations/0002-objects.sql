-- Buckets and objects as S3 has them (engine/store/src/objects).

create table bucket (
  id bigint generated always as identity primary key,
  account_id text collate "C" not null,
  name text collate "C" not null,
  region text not null,
  created_at timestamptz not null,
  tags jsonb not null default '{}',
  policy text,
  unique (account_id, name)
);

-- Bodies that lie outside of the database, by opaque id, with the number of rows that refer to each. At zero the body is discarded; it is removed
-- from its home some time later, so that who reads it at that moment still gets it whole.
create table object_body (
  id text collate "C" primary key,
  uses integer not null check (uses >= 0),
  discarded_at timestamptz
);

create index object_body_discarded on object_body (discarded_at) where discarded_at is not null;

-- Keys are bytes: their order is that of UTF-8, which is S3's listing order, and U+0000 is a character like any other.
create table object (
  bucket_id bigint not null,
  key bytea not null,
  size bigint not null,
  etag text collate "C" not null,
  modified_at timestamptz not null,
  details jsonb,
  tags jsonb,
  -- One entry per part of a multipart object, aligned with body_ids.
  parts jsonb,
  -- A small body itself, or the ids of the bodies that follow one another.
  body bytea,
  body_ids text[],
  primary key (bucket_id, key),
  check ((body is null) <> (body_ids is null))
);

-- Bodies seldom compress, and compressing costs more than the few pages it saves.
alter table object alter column body set storage external;

create table multipart_upload (
  id text collate "C" primary key,
  bucket_id bigint not null,
  key bytea not null,
  initiated_at timestamptz not null,
  details jsonb not null,
  tags jsonb
);

create index multipart_upload_key on multipart_upload (bucket_id, key, id);

create table multipart_part (
  upload_id text collate "C" not null references multipart_upload (id) on delete cascade,
  number integer not null,
  size bigint not null,
  etag text collate "C" not null,
  checksum_algorithm text not null,
  checksum text not null,
  modified_at timestamptz not null,
  body_ids text[] not null,
  primary key (upload_id, number)
);

-- The count of uses is kept by triggers, so that no statement can forget it.
create function retain_bodies(ids text[]) returns void language plpgsql as $$
declare
  retained integer;
begin
  insert into object_body (id, uses) select id, 1 from unnest(ids) as id
  on conflict (id) do update set uses = object_body.uses + 1 where object_body.discarded_at is null;
  get diagnostics retained = row_count;
  if retained <> cardinality(ids) then
    raise exception 'a body of % has been discarded', ids using errcode = 'serialization_failure';
  end if;
end
$$;

create function release_bodies(ids text[]) returns void language plpgsql as $$
begin
  update object_body
  set uses = uses - 1, discarded_at = case when uses = 1 then clock_timestamp() end
  where id = any (ids);
end
$$;

create function count_body_uses() returns trigger language plpgsql as $$
begin
  -- What stays is retained before it is released: a body must not fall to zero on the way.
  if tg_op <> 'DELETE' then
    perform retain_bodies(new.body_ids) where new.body_ids is not null;
  end if;
  if tg_op <> 'INSERT' then
    perform release_bodies(old.body_ids) where old.body_ids is not null;
  end if;
  return null;
end
$$;

create trigger object_inserted after insert on object
  for each row when (new.body_ids is not null) execute function count_body_uses();
create trigger object_updated after update on object
  for each row when (old.body_ids is distinct from new.body_ids) execute function count_body_uses();
create trigger object_deleted after delete on object
  for each row when (old.body_ids is not null) execute function count_body_uses();
create trigger multipart_part_changed after insert or delete on multipart_part
  for each row execute function count_body_uses();
create trigger multipart_part_updated after update on multipart_part
  for each row when (old.body_ids is distinct from new.body_ids) execute function count_body_uses();
