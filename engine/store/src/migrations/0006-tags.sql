-- Tags of resources, in a table of their own, so that tagging never conflicts with reconciling the resource.
create table resource_tag (
  resource_id bigint not null references resource (id) on delete cascade,
  key text not null,
  value text not null,
  primary key (resource_id, key)
);
