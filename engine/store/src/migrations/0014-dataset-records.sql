-- What PutEvents, PutItems, PutUsers, PutActions and PutActionInteractions brought into a dataset group of Personalize, one row each.
create table dataset_record (
  -- The dataset group's row.
  group_id bigint not null,
  -- In the order of the commits: whoever has read up to a number has missed nothing before it.
  number bigint not null,
  -- Interactions | Items | Users | Actions | Action_Interactions
  dataset text collate "C" not null,
  -- Whose the record is; of Interactions without a userId null.
  user_id text collate "C",
  session_id text collate "C",
  -- As the caller named the event; null where he did not.
  event_id text collate "C",
  -- Values by the columns of the dataset's schema.
  content json not null,
  primary key (group_id, number)
);

create index dataset_record_user on dataset_record (group_id, user_id, number) where user_id is not null;

-- Finds the user who logged in after an event without one, however many such events the session has.
create index dataset_record_login on dataset_record (group_id, session_id, number)
  where session_id is not null and user_id is not null;

create index dataset_record_anonymous on dataset_record (group_id, session_id, number)
  where session_id is not null and user_id is null;

-- AWS uses the first event of an id only.
create unique index dataset_record_event on dataset_record (group_id, dataset, event_id) where event_id is not null;

-- The newest number of each dataset group. Writers lock the row until they have committed: that is what orders the numbers.
create table dataset_record_counter (
  group_id bigint primary key references resource (id) on delete cascade,
  newest bigint not null
);
