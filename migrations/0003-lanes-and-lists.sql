-- A claim reads the oldest due lanes of each tenant from the index, however many are due.
drop index lane_due;
create index lane_due on lane (account, tenant, due_at);

-- Lanes come and go by the thousand while the table stays small: room on each page keeps a claim from touching the
-- index, and what died is swept by its number, not by a share of the table.
alter table lane set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000);
