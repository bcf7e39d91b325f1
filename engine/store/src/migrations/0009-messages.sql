-- What happened to CloudWatch's alarms. An alarm's history outlives the alarm.
create table alarm_history (
  id bigint generated always as identity primary key,
  account_id text collate "C" not null,
  region text collate "C" not null,
  alarm_name text collate "C" not null,
  -- ConfigurationUpdate | StateUpdate | Action
  item_type text not null,
  at timestamptz not null,
  summary text not null,
  data jsonb not null
);
create index alarm_history_by_time on alarm_history (account_id, region, at, id);
create index alarm_history_by_alarm on alarm_history (account_id, region, alarm_name, at, id);
create index alarm_history_by_age on alarm_history (at);

-- The messages of SQS queues. A message that was received is hidden until visible_at, under the receipt of the last one who got it.
create table sqs_message (
  id bigint generated always as identity primary key,
  queue_id bigint not null references resource (id) on delete cascade,
  message_id uuid not null,
  body text not null,
  -- As the API has them; binary values in base64.
  message_attributes jsonb not null,
  sender_id text not null,
  sent_at timestamptz not null,
  visible_at timestamptz not null,
  received_count integer not null default 0,
  first_received_at timestamptz,
  receipt uuid,
  -- The queue that the message came from, when this is its dead-letter queue.
  dead_letter_source text
);
create index sqs_message_visible on sqs_message (queue_id, visible_at, id);
create index sqs_message_age on sqs_message (queue_id, sent_at);
