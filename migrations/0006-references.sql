-- The daily sweep by reference, and what a self-test of a company saw.

-- What an ERP lists under our prefix, as it was last seen. Duplicates, orphans, missing documents and drift are
-- found by comparing these rows with the postings. Each sweep rewrites them: the truth stands over there.
create table listed_document (
  tenant text not null references tenant,
  connection text not null,
  reference text not null,
  target_id text not null,
  number text,
  state text not null check (state in ('draft', 'pending', 'posted', 'cancelled')),
  hash text not null,
  -- When the sweep that saw it last began: a posting that moved since must not be judged by it.
  listed_at timestamptz not null,
  primary key (tenant, connection, reference, target_id)
);
create index listed_document_by_target on listed_document (tenant, connection, target_id);
-- Changes have references of their own in some ERPs: the index over creates becomes one over all writes.
drop index posting_by_reference;
create index posting_by_reference on posting (tenant, connection, reference);
create index posting_by_target on posting (tenant, connection, target_id) where target_id is not null;

create table self_test (
  tenant text not null references tenant,
  id uuid not null,
  connection text not null,
  -- The company it was run in: what was seen there says nothing of another one.
  fingerprint text not null,
  started_by text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- References of its test documents, so that no sweep takes them for orphans.
  test_references text[] not null,
  -- By object: {uniquenessEnforced, searchLagMs}
  seen jsonb not null default '{}',
  findings jsonb not null default '[]',
  primary key (tenant, id)
);
create index self_test_latest on self_test (tenant, connection, started_at desc);

alter table connection
  -- When everything under our prefix was looked through for the first time; nothing goes live before.
  add column looked_through_at timestamptz,
  -- More than this share of what we posted gone at once: the company was restored or swapped, nobody deletes that.
  add column missing_limit_percent integer not null default 10 check (missing_limit_percent between 1 and 100);

alter table schedule add column finished_at timestamptz;

do $$
declare name text;
begin
  foreach name in array array['listed_document', 'self_test'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_only on %I using (tenant = current_tenant()) with check (tenant = current_tenant())', name);
    execute format('grant select, insert, update on %I to tiebeam_app', name);
  end loop;
end $$;
grant delete on listed_document to tiebeam_app;
