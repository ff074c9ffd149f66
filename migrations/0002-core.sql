-- The durable truth: what was seen, what was decided, what was sent. Every table with a tenant is isolated by
-- row-level security, forced also for its owner; the states that matter are checked here as well as in code.

create table installation (
  only_row boolean primary key default true check (only_row),
  -- Raised after a restore or failover: every posting of an older epoch is probed before anything is sent.
  epoch bigint not null default 1
);
insert into installation default values;

create table tenant (
  tenant text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table connection (
  tenant text not null references tenant,
  id text not null,
  system text not null,
  name text not null,
  code text not null check (code ~ '^[A-Z0-9]{2}$'),
  config jsonb not null,
  secrets bytea not null,
  -- Names the login that one worker serves at a time; the same login in two tenants is one account.
  account text not null,
  phase text not null default 'read-only' check (phase in ('read-only', 'one-way', 'bidirectional')),
  fingerprint text,
  health jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant, id),
  unique (tenant, code)
);

create table project_phase (
  tenant text not null references tenant,
  connection text not null,
  project_id text not null,
  phase text not null check (phase in ('read-only', 'one-way', 'bidirectional')),
  primary key (tenant, connection, project_id)
);

create table hook (
  id text primary key,
  tenant text not null references tenant,
  connection text not null,
  secret_hash bytea not null,
  company_id text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create table payload (
  tenant text not null references tenant,
  hash text not null,
  class text not null,
  body bytea,
  size_bytes integer not null,
  seen_at timestamptz not null default now(),
  primary key (tenant, hash)
);

create table signal (
  tenant text not null references tenant,
  id bigint generated always as identity,
  connection text not null,
  dedupe_key text not null,
  object text not null,
  native_id text not null,
  hint jsonb not null default '{}',
  state text not null default 'received' check (state in ('received', 'taken', 'quarantined')),
  reason text,
  received_at timestamptz not null default now(),
  taken_at timestamptz,
  primary key (tenant, id),
  unique (tenant, connection, dedupe_key)
);
create index signal_by_record on signal (tenant, connection, object, native_id) where state = 'received';

create table request_item (
  tenant text not null references tenant,
  connection text not null,
  key text not null,
  request_id text not null,
  event text not null,
  object text not null,
  native_id text not null,
  detail_id text,
  content jsonb not null,
  requester text,
  state text not null default 'received' check (state in ('received', 'working', 'succeeded', 'failed', 'stale')),
  messages text[] not null default '{}',
  document uuid,
  received_at timestamptz not null default now(),
  closed_at timestamptz,
  primary key (tenant, connection, key)
);
create index request_item_by_record on request_item (tenant, connection, object, native_id);

create table record (
  tenant text not null references tenant,
  connection text not null,
  object text not null,
  native_id text not null,
  version integer not null,
  hash text not null,
  body jsonb not null,
  raw_hash text not null,
  -- Normalised tax id and name, so that two sides' spellings of one vendor find each other by index.
  match_keys text[] not null default '{}',
  gone boolean not null default false,
  seen_at timestamptz not null default now(),
  primary key (tenant, connection, object, native_id)
);
create index record_by_match_key on record using gin (match_keys);

create table record_version (
  tenant text not null references tenant,
  connection text not null,
  object text not null,
  native_id text not null,
  version integer not null,
  hash text not null,
  body jsonb not null,
  raw_hash text not null,
  seen_at timestamptz not null default now(),
  primary key (tenant, connection, object, native_id, version)
);

create table mapping (
  tenant text not null references tenant,
  id bigint generated always as identity,
  kind text not null check (kind in ('project', 'vendor', 'cost')),
  -- '' for the whole company, else the source project id that overrides it.
  scope text not null default '',
  key text not null,
  value jsonb not null,
  version integer not null,
  set_by text not null,
  set_at timestamptz not null default now(),
  current boolean not null default true,
  primary key (tenant, id),
  unique (tenant, kind, scope, key, version)
);
create unique index mapping_current on mapping (tenant, kind, scope, key) where current;

create table policy (
  tenant text not null references tenant,
  version integer not null,
  body jsonb not null,
  set_by text not null,
  set_at timestamptz not null default now(),
  primary key (tenant, version)
);

create table document (
  tenant text not null references tenant,
  id uuid not null,
  seq bigint generated always as identity,
  source_connection text not null,
  source_object text not null,
  source_id text not null,
  target_connection text not null,
  kind text not null check (kind in ('purchase-order', 'vendor-link', 'target-setup')),
  part text not null default '',
  revision integer not null check (revision >= 1),
  root text not null,
  state text not null default 'planned' check (state in (
    'planned', 'blocked', 'in-review', 'awaiting-approval', 'ready', 'posting', 'posted', 'confirmed',
    'refused', 'conflict', 'withdrawn', 'detached')),
  project_id text,
  vendor_id text,
  vendor_name text,
  number text not null,
  title text not null,
  amount_minor bigint,
  currency text,
  -- What approval counts: the amount for a new document, the moved amounts for an update.
  exposure_minor bigint not null default 0,
  accounting_date date,
  record_version integer not null,
  record_hash text not null,
  body jsonb,
  operation jsonb,
  payload_hash text,
  mappings jsonb not null default '[]',
  mapping_hash text,
  gate jsonb,
  -- Why it stands where it stands: [{code, message, remedy, waitsFor, owner}]
  reasons jsonb not null default '[]',
  requester text,
  request_key text,
  target_id text,
  target_number text,
  line_keys jsonb not null default '{}',
  planned_at timestamptz not null default now(),
  posted_at timestamptz,
  confirmed_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant, id),
  unique (tenant, source_connection, source_object, source_id, target_connection, kind, part, revision)
);
create index document_by_state on document (tenant, state, seq);
create index document_by_project on document (tenant, project_id);

create table waits_for (
  tenant text not null references tenant,
  document uuid not null,
  kind text not null,
  key text not null,
  primary key (tenant, document, kind, key),
  foreign key (tenant, document) references document (tenant, id)
);
create index waits_for_key on waits_for (tenant, kind, key);

create table approval (
  tenant text not null references tenant,
  id uuid not null,
  document uuid not null,
  payload_hash text not null,
  mapping_hash text not null,
  policy_version integer not null,
  decided_by text not null,
  role text not null,
  decided_at timestamptz not null,
  consumed_at timestamptz,
  stale_at timestamptz,
  primary key (tenant, id),
  foreign key (tenant, document) references document (tenant, id)
);
create index approval_by_document on approval (tenant, document);

create table review_item (
  tenant text not null references tenant,
  id uuid not null,
  seq bigint generated always as identity,
  kind text not null check (kind in ('approval', 'unmapped', 'vendor-match', 'conflict', 'refused', 'exception', 'quarantined')),
  -- One open question per subject, however often the plan asks it.
  subject text not null,
  document uuid,
  title text not null,
  question text not null,
  evidence jsonb not null default '{}',
  role text not null,
  state text not null default 'open' check (state in ('open', 'approved', 'corrected', 'rejected', 'expired')),
  decided_by text,
  decided_at timestamptz,
  decision jsonb,
  opened_at timestamptz not null default now(),
  primary key (tenant, id)
);
create unique index review_item_open on review_item (tenant, kind, subject) where state = 'open';
create index review_item_by_document on review_item (tenant, document);

create table posting (
  tenant text not null references tenant,
  id uuid not null,
  seq bigint generated always as identity,
  document uuid,
  connection text not null,
  root text not null,
  operation jsonb not null,
  write_name text not null,
  write_kind text not null check (write_kind in ('create', 'set', 'action')),
  object text not null,
  reference text not null,
  target_hash text not null,
  state text not null default 'ready' check (state in (
    'ready', 'intended', 'sent', 'posted', 'accepted', 'refused', 'unknown', 'settling', 'adopted', 'exception', 'cancelled')),
  attempt integer not null default 0,
  open_intent boolean not null default false,
  probed boolean not null default false,
  guard text,
  target_id text,
  handle text,
  empty_probes integer not null default 0,
  sent_at timestamptz,
  quiet_until timestamptz,
  give_up_at timestamptz,
  line_keys jsonb not null default '{}',
  reason text,
  epoch bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant, id),
  foreign key (tenant, document) references document (tenant, id)
);
-- The second lock behind the protocol: two creates with one reference cannot even be written down.
create unique index posting_create_once on posting (tenant, connection, reference, write_name) where write_kind = 'create' and state <> 'cancelled';
create index posting_by_root on posting (tenant, connection, root, seq);
create index posting_by_document on posting (tenant, document);

create table attempt (
  tenant text not null references tenant,
  id uuid not null,
  connection text not null,
  lane_fence bigint not null,
  account_fence bigint not null,
  intended_at timestamptz not null,
  sent_at timestamptz,
  deadline timestamptz not null,
  finished_at timestamptz,
  primary key (tenant, id)
);

create table attempt_posting (
  tenant text not null references tenant,
  attempt uuid not null,
  posting uuid not null,
  number integer not null,
  outcome jsonb,
  primary key (tenant, attempt, posting),
  foreign key (tenant, attempt) references attempt (tenant, id),
  foreign key (tenant, posting) references posting (tenant, id)
);
create index attempt_posting_by_posting on attempt_posting (tenant, posting);

create table link (
  tenant text not null references tenant,
  id bigint generated always as identity,
  source_connection text not null,
  source_object text not null,
  source_id text not null,
  source_line text not null default '',
  target_connection text not null,
  target_object text not null,
  target_id text not null,
  target_line text not null default '',
  role text not null default 'is' check (role in ('is', 'amends', 'bills', 'part-of')),
  state text not null default 'linked' check (state in ('proposed', 'linked', 'detached')),
  source_version integer,
  base jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant, id)
);
create unique index link_source on link (tenant, target_connection, source_connection, source_object, source_id, source_line)
  where role = 'is' and state = 'linked';
create unique index link_target on link (tenant, source_connection, target_connection, target_object, target_id, target_line)
  where role = 'is' and state = 'linked';

create table audit_head (
  tenant text primary key references tenant,
  seq bigint not null,
  hash text not null
);

create table audit (
  tenant text not null references tenant,
  seq bigint not null,
  at timestamptz not null,
  kind text not null,
  actor text not null,
  document uuid,
  -- The canonical text that is hashed: what is shown is what was chained.
  entry text not null,
  previous text not null,
  hash text not null,
  primary key (tenant, seq)
);
create index audit_by_document on audit (tenant, document);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_change();

create table cursor (
  tenant text not null references tenant,
  connection text not null,
  name text not null,
  value text not null,
  moved_at timestamptz not null default now(),
  primary key (tenant, connection, name)
);

create table schedule (
  tenant text not null references tenant,
  job text not null,
  slot text not null,
  started_at timestamptz not null default now(),
  primary key (tenant, job, slot)
);

-- One sequence for all lanes: a lane that is done is deleted, and its next life must not repeat an old fence.
create sequence lane_fence;

-- Keys only: the one place the dispatcher may look. A lane says "look here"; the truth is in the documents.
create table lane (
  tenant text not null,
  stage text not null check (stage in ('source', 'post', 'sweep')),
  id text not null,
  account text not null,
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  fence bigint not null default 0,
  -- Raised by every wake: a lane woken while it ran is due again at once.
  wakes bigint not null default 1,
  attempts integer not null default 0,
  last_error text,
  primary key (tenant, stage, id)
);
create index lane_due on lane (account, due_at);

create table account_lease (
  account text primary key,
  owner text not null,
  fence bigint not null default 1,
  lease_until timestamptz not null
);

create table app_user (
  tenant text not null references tenant,
  id text not null,
  email text not null,
  name text not null,
  roles text[] not null,
  password_hash text,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant, id)
);
create unique index app_user_email on app_user (tenant, lower(email));

create table login_link (
  token_hash bytea primary key,
  tenant text not null references tenant,
  user_id text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table session (
  token_hash bytea primary key,
  tenant text not null references tenant,
  user_id text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  ended_at timestamptz
);

create table idempotency (
  tenant text not null references tenant,
  key text not null,
  user_id text not null,
  request_hash text not null,
  status integer not null,
  answer jsonb not null,
  at timestamptz not null default now(),
  primary key (tenant, user_id, key)
);

do $$
declare name text;
begin
  for name in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'tenant' and not a.attisdropped
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_only on %I using (tenant = current_tenant()) with check (tenant = current_tenant())', name);
    execute format('grant select, insert, update, delete on %I to tiebeam_app', name);
  end loop;
end $$;

-- What is history stays history, whoever asks.
revoke update, delete on audit from tiebeam_app;
revoke delete on document, posting, attempt, attempt_posting, approval, record_version, mapping, policy, signal, request_item, link
  from tiebeam_app;
grant select on installation to tiebeam_app;

-- The dispatcher sees lanes of every tenant, and nothing else of any.
grant select, update, delete on lane to tiebeam_dispatch;
grant usage on sequence lane_fence to tiebeam_dispatch;
grant select, insert, update, delete on account_lease to tiebeam_dispatch;
create policy dispatch_all on lane to tiebeam_dispatch using (true) with check (true);
grant select on account_lease to tiebeam_app;

-- The definer functions below look up a tenant before one is known; only their owner may see across.
do $$
declare name text;
begin
  foreach name in array array['hook', 'login_link', 'session', 'app_user', 'connection', 'tenant'] loop
    execute format('create policy door_lookup on %I for select to current_user using (true)', name);
  end loop;
end $$;

create function door_find_hook(hook_id text)
  returns table (tenant text, connection text, secret_hash bytea, company_id text)
  language sql stable security definer set search_path = public as $$
    select h.tenant, h.connection, h.secret_hash, h.company_id from hook h where h.id = hook_id and h.disabled_at is null
  $$;

create function door_find_session(token bytea)
  returns table (tenant text, user_id text, email text, name text, roles text[], created_at timestamptz, seen_at timestamptz)
  language sql stable security definer set search_path = public as $$
    select s.tenant, u.id, u.email, u.name, u.roles, s.created_at, s.seen_at
    from session s join app_user u on u.tenant = s.tenant and u.id = s.user_id
    where s.token_hash = token and s.ended_at is null and u.disabled_at is null
  $$;

create function door_find_login_link(token bytea)
  returns table (tenant text, user_id text, expires_at timestamptz, used_at timestamptz)
  language sql stable security definer set search_path = public as $$
    select l.tenant, l.user_id, l.expires_at, l.used_at from login_link l where l.token_hash = token
  $$;

create function door_find_users(wanted_email text)
  returns table (tenant text, user_id text, password_hash text)
  language sql stable security definer set search_path = public as $$
    select u.tenant, u.id, u.password_hash from app_user u
    where lower(u.email) = lower(wanted_email) and u.disabled_at is null limit 5
  $$;

create function door_list_connections()
  returns table (tenant text, id text, system text, account text)
  language sql stable security definer set search_path = public as $$
    select c.tenant, c.id, c.system, c.account from connection c
  $$;

revoke all on function door_find_hook(text), door_find_session(bytea), door_find_login_link(bytea), door_find_users(text),
  door_list_connections() from public;
grant execute on function door_find_hook(text), door_find_session(bytea), door_find_login_link(bytea), door_find_users(text),
  door_list_connections() to tiebeam_door;
