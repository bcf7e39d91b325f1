create table recommendations.customers (
  unified_customer_id varchar(255) primary key,
  location text,
  age integer,
  gender text,
  first_ordered_at timestamptz not null,
  last_ordered_at timestamptz not null,
  -- When the customer's newest purchase event was taken by the event tracker; infinity while one waits. Answers computed before that are not kept.
  last_event_at timestamptz not null default '-infinity'
);
create index customers_by_location on recommendations.customers (location, last_ordered_at);

create table recommendations.products (
  product_id varchar(255) primary key,
  product_name text not null,
  category text,
  price double precision not null,
  -- Of which order name, category and price are: orders may come late.
  described_at timestamptz not null,
  first_ordered_at timestamptz not null
);

create table recommendations.orders (
  order_id varchar(255) primary key,
  unified_customer_id varchar(255) not null references recommendations.customers,
  location text,
  ordered_at timestamptz not null,
  -- Of the order as the company sent it: tells a repetition from a change.
  content_hash text not null,
  received_at timestamptz not null
);
create index orders_by_customer on recommendations.orders (unified_customer_id, ordered_at);
create index orders_by_time on recommendations.orders (ordered_at);

create table recommendations.order_items (
  order_id varchar(255) not null references recommendations.orders,
  line_number integer not null,
  product_id varchar(255) not null references recommendations.products,
  quantity double precision not null,
  unit_price double precision not null,
  -- How Personalize learns of the line, so that it counts once: with the exported CSV, or as an event.
  delivery text not null check (delivery in ('export', 'event')),
  primary key (order_id, line_number)
);
create index order_items_by_product on recommendations.order_items (product_id);

create table recommendations.quarantine (
  quarantine_id bigint generated always as identity primary key,
  order_id varchar(255) not null,
  line_number integer not null,
  reason text not null,
  detail text not null,
  ordered_at timestamptz not null,
  received_at timestamptz not null,
  -- The line as the company sent it.
  content jsonb not null,
  unique (order_id, line_number, reason)
);
create index quarantine_by_reason on recommendations.quarantine (reason, quarantine_id);

-- Above these, a quantity or a price is held back.
create table recommendations.outlier_fences (
  measure text primary key check (measure in ('quantity', 'unit_price')),
  upper_fence double precision not null,
  observations integer not null,
  computed_at timestamptz not null
);

-- Purchase events that Personalize has not acknowledged yet.
create table recommendations.event_outbox (
  outbox_id bigint generated always as identity primary key,
  event_id text not null unique,
  order_id varchar(255) not null,
  unified_customer_id varchar(255) not null,
  product_id varchar(255) not null,
  quantity double precision not null,
  ordered_at timestamptz not null,
  queued_at timestamptz not null,
  claimed_until timestamptz not null default '-infinity',
  attempts integer not null default 0,
  last_error text
);

create table recommendations.offline_user_recommendations (
  user_id varchar(255) primary key,
  recommendations jsonb not null,
  updated_at timestamp not null
);

create table recommendations.offline_similar_items (
  product_id varchar(255) primary key,
  similar_products jsonb not null,
  updated_at timestamp not null
);

-- What is known beside rows: one JSON value a name.
create table recommendations.facts (
  name text primary key,
  value jsonb not null
);
