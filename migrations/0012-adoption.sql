-- Projects that ran before they were connected: for each commitment whether an order that stood in the ERP already is
-- its own. While that is open, or was only rejected, nothing is posted for it. What was billed before is kept here too.
create table adoption (
  tenant text not null references tenant,
  source_connection text not null,
  commitment text not null,
  target_connection text not null,
  state text not null check (state in ('proposed', 'rejected', 'adopted', 'separate')),
  -- The numbers of the orders that may be meant, as people know them.
  orders text[] not null,
  order_id text,
  accepted jsonb,
  opening jsonb,
  decided_by text,
  updated_at timestamptz not null default now(),
  primary key (tenant, source_connection, commitment, target_connection),
  check ((state = 'adopted') = (order_id is not null and accepted is not null))
);
-- An order is taken over once.
create unique index adoption_order on adoption (tenant, target_connection, order_id) where state = 'adopted';
alter table adoption enable row level security;
alter table adoption force row level security;
create policy tenant_only on adoption using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert, update on adoption to tiebeam_app;

alter table review_item
  drop constraint review_item_kind_check,
  add constraint review_item_kind_check check (kind in (
    'approval', 'unmapped', 'vendor-match', 'adoption', 'conflict', 'refused', 'exception', 'quarantined'));
