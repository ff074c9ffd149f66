-- Applications that could not be billed in their turn: what a person decided about each. What is left to the next one,
-- stands in the ERP already, or was billed before the contract was connected is not posted; the last of these keeps
-- what was billed up to it.
create table billing_decision (
  tenant text not null references tenant,
  source_connection text not null,
  object text not null check (object in ('sub-invoice', 'owner-invoice')),
  record_id text not null,
  target_connection text not null,
  root text not null,
  application integer not null,
  verdict text not null check (verdict in ('next', 'standing', 'opening', 'itself')),
  moves jsonb,
  -- The export that it answered: a later one may ask again.
  request_key text,
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (tenant, source_connection, object, record_id, target_connection),
  check ((verdict = 'opening') = (moves is not null))
);
create index billing_decision_by_root on billing_decision (tenant, target_connection, root);
-- Billing begins once.
create unique index billing_opening on billing_decision (tenant, target_connection, root) where verdict = 'opening';
alter table billing_decision enable row level security;
alter table billing_decision force row level security;
create policy tenant_only on billing_decision using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert, update on billing_decision to tiebeam_app;

alter table review_item
  drop constraint review_item_kind_check,
  add constraint review_item_kind_check check (kind in (
    'approval', 'unmapped', 'vendor-match', 'adoption', 'conflict', 'refused', 'exception', 'quarantined', 'policy',
    'billing'));
