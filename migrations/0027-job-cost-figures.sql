-- What else Procore was told of a coding beside its cost, figure by figure in minor units; one that nobody can state is absent.
alter table job_cost add column figures jsonb not null default '{}';

-- The entry of the ledger that a transaction shows; empty for one that adds a month up, and for a summary.
alter table job_cost add column entry text not null default '' check (sheet = 'transaction' or entry = '');
alter table job_cost drop constraint job_cost_pkey;
alter table job_cost add primary key (tenant, connection, project_id, sheet, period, entry, cost_code, cost_type);
