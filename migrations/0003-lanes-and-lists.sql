-- A claim reads the oldest due lanes of each tenant from the index, however many are due.
drop index lane_due;
create index lane_due on lane (account, tenant, due_at);

-- Lanes come and go by the thousand while the table stays small: room on each page keeps a claim from touching the
-- index, and what died is swept by its number, not by a share of the table.
alter table lane set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000);

-- Whether a later posted revision names the same order: lists and sums leave such a one out. Kept here because asking
-- it of every row took most of a second over 200,000 documents.
alter table document add column replaced boolean not null default false;

create function mark_replaced() returns trigger language plpgsql set search_path = public as $$
begin
  update document d set replaced = d.state in ('posted', 'confirmed') and exists (
    select 1 from document later
    where (later.tenant, later.source_connection, later.source_object, later.source_id, later.target_connection, later.kind, later.part)
      = (d.tenant, d.source_connection, d.source_object, d.source_id, d.target_connection, d.kind, d.part)
      and later.revision > d.revision and later.state in ('posted', 'confirmed'))
  where (d.tenant, d.source_connection, d.source_object, d.source_id, d.target_connection, d.kind, d.part)
    = (new.tenant, new.source_connection, new.source_object, new.source_id, new.target_connection, new.kind, new.part)
    and d.revision < new.revision;
  return null;
end $$;
-- Of an update only a move in or out of what stands in the target says anything about earlier revisions.
create trigger document_replaces_new after insert on document for each row
  when (new.revision > 1 and new.state in ('posted', 'confirmed')) execute function mark_replaced();
create trigger document_replaces after update of state on document for each row
  when (new.revision > 1 and (new.state in ('posted', 'confirmed')) <> (old.state in ('posted', 'confirmed')))
  execute function mark_replaced();

-- The rows of every tenant, which the owner does not see either while row-level security is forced.
alter table document no force row level security;
update document d set replaced = true where d.state in ('posted', 'confirmed') and exists (
  select 1 from document later
  where (later.tenant, later.source_connection, later.source_object, later.source_id, later.target_connection, later.kind, later.part)
    = (d.tenant, d.source_connection, d.source_object, d.source_id, d.target_connection, d.kind, d.part)
    and later.revision > d.revision and later.state in ('posted', 'confirmed'));
alter table document force row level security;

-- Pages of lists, figures that are read from the index alone, and what happened lately.
create index document_newest on document (tenant, seq);
create index document_figures on document (tenant, state, currency, replaced, kind, project_id) include (amount_minor);
create index document_posted on document (tenant, posted_at) include (target_connection);
create index document_planned on document (tenant, planned_at) include (source_connection);
