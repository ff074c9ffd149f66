-- Whether cost of the ERP may be shown in this Procore company, whatever its phase says of documents.
alter table connection add column job_costs boolean not null default false;

-- What Procore was told of posted cost, row by row, and by which write: that says what became of it.
create table job_cost (
  tenant text not null references tenant,
  connection text not null,
  project_id text not null,
  sheet text not null check (sheet in ('transaction', 'summary')),
  period text not null check ((sheet = 'summary') = (period = '')),
  cost_code text not null,
  cost_type text not null,
  amount_minor bigint not null,
  invoiced_minor bigint not null default 0,
  currency text not null,
  -- By what name an answer speaks of the row.
  name text not null,
  posting uuid not null,
  updated_at timestamptz not null default now(),
  primary key (tenant, connection, project_id, sheet, period, cost_code, cost_type),
  foreign key (tenant, posting) references posting (tenant, id)
);
alter table job_cost enable row level security;
alter table job_cost force row level security;
create policy tenant_only on job_cost using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert, update on job_cost to tiebeam_app;
