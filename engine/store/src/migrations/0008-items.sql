-- Items as DynamoDB has them (engine/store/src/items). What a table and its indexes are is a resource; table_id is the id of its row.

-- Keys are encoded so that the order of their bytes is the order of the API. Values are the attributes as the wire writes them.
create table item (
  table_id bigint not null,
  key bytea not null,
  -- Bytes by the API's rules, which are not those of the text.
  size integer not null,
  value text not null,
  primary key (table_id, key)
);

-- One row per item and index that it is in. The projection is cut out of the item when it is read.
create table item_index_entry (
  table_id bigint not null,
  -- Of its table; never used again after the index is deleted.
  index_id integer not null,
  key bytea not null,
  item_key bytea not null,
  -- Bytes of what is projected.
  size integer not null,
  primary key (table_id, index_id, key, item_key)
);

-- Items and bytes of each table (index 0) and index as differences, to be added up: one row that every write changes would make them wait for each other.
create table item_count (
  table_id bigint not null,
  index_id integer not null,
  items bigint not null,
  bytes bigint not null
);

create index item_count_table on item_count (table_id, index_id);

-- Tokens of transactions that are committed, so that a repetition does nothing.
create table item_transaction (
  account_id text collate "C" not null,
  region text collate "C" not null,
  token text collate "C" not null,
  request bytea not null,
  committed_at timestamptz not null,
  primary key (account_id, region, token)
);

create index item_transaction_committed on item_transaction (committed_at);

-- Tells a state of a table's row from every other one, also after ids began anew (itemTableVersion).
create function item_table_version(updated_at timestamptz, version integer) returns bigint language sql stable as $$
  select (extract(epoch from updated_at) * 1000)::bigint * 1000 + version % 1000
$$;

-- Writes many items in one statement. Each change names the version of its table that it was made for ('stale' when there is another one by now) and, unless
-- it is a 'put', the xmin of the row that it was decided on ('conflict' when another write came first). Keys and values are cut out of `bytes`.
-- One by one in a loop, so that each lookup is planned by the index, however young the statistics are.
create function write_items(bytes bytea, changes json) returns table (place integer, outcome text) language plpgsql as $$
declare
  change record;
  entry record;
  change_key bytea;
  change_value text;
  size_before integer;
  current_table bigint;
  current_version bigint;
  tables bigint[] := '{}';
  indexes integer[] := '{}';
  items integer[] := '{}';
  sizes integer[] := '{}';
begin
  for change in
    select c.* from json_to_recordset(changes) as c (place integer, table_id bigint, version bigint, operation text, key_at integer,
      key_length integer, value_length integer, size integer, size_before integer, stamp text, removed json, added json)
  loop
    if change.table_id is distinct from current_table then
      current_table := change.table_id;
      select item_table_version(r.updated_at, r.version) into current_version from resource r where r.id = change.table_id for share;
    end if;
    place := change.place;
    if current_version is distinct from change.version then
      outcome := 'stale';
      return next;
      continue;
    end if;
    change_key := substring(bytes from change.key_at + 1 for change.key_length);
    change_value := convert_from(substring(bytes from change.key_at + change.key_length + 1 for change.value_length), 'UTF8');
    size_before := change.size_before;
    if change.operation = 'put' then
      loop
        insert into item (table_id, key, size, value) values (change.table_id, change_key, change.size, change_value)
        on conflict do nothing;
        exit when found;
        update item set size = change.size, value = change_value
        from (select i.size from item i where i.table_id = change.table_id and i.key = change_key for update) as before
        where item.table_id = change.table_id and item.key = change_key
        returning before.size into size_before;
        exit when found;
      end loop;
    elsif change.operation = 'insert' then
      insert into item (table_id, key, size, value) values (change.table_id, change_key, change.size, change_value)
      on conflict do nothing;
    elsif change.operation = 'update' then
      update item set size = change.size, value = change_value
      where item.table_id = change.table_id and item.key = change_key and item.xmin = change.stamp::xid;
    else
      delete from item where item.table_id = change.table_id and item.key = change_key and item.xmin = change.stamp::xid;
    end if;
    if not found then
      outcome := 'conflict';
      return next;
      continue;
    end if;
    tables := tables || change.table_id;
    indexes := indexes || 0;
    items := items || ((change.operation <> 'delete')::int - (size_before is not null)::int);
    sizes := sizes || (coalesce(change.size, 0) - coalesce(size_before, 0));
    for entry in
      select e.* from json_to_recordset(change.removed) as e (index_id integer, key text, size integer)
    loop
      delete from item_index_entry as i where i.table_id = change.table_id and i.index_id = entry.index_id
        and i.key = decode(entry.key, 'hex') and i.item_key = change_key;
      -- An index that is being filled may not have had it yet.
      continue when not found;
      tables := tables || change.table_id;
      indexes := indexes || entry.index_id;
      items := items || -1;
      sizes := sizes || -entry.size;
    end loop;
    for entry in
      select e.* from json_to_recordset(change.added) as e (index_id integer, key text, size integer)
    loop
      insert into item_index_entry (table_id, index_id, key, item_key, size)
      values (change.table_id, entry.index_id, decode(entry.key, 'hex'), change_key, entry.size)
      on conflict (table_id, index_id, key, item_key) do update set size = excluded.size;
      tables := tables || change.table_id;
      indexes := indexes || entry.index_id;
      items := items || 1;
      sizes := sizes || entry.size;
    end loop;
    outcome := 'done';
    return next;
  end loop;
  insert into item_count (table_id, index_id, items, bytes)
  select c.table_id, c.index_id, sum(c.items), sum(c.bytes) from unnest(tables, indexes, items, sizes) as c (table_id, index_id, items, bytes)
  group by c.table_id, c.index_id having sum(c.items) <> 0 or sum(c.bytes) <> 0;
end
$$;
