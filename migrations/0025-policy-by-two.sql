-- A policy changes by a question in Review, which a second person answers; how it came about stays with each version.
alter table review_item
  drop constraint review_item_kind_check,
  add constraint review_item_kind_check check (kind in (
    'approval', 'unmapped', 'vendor-match', 'adoption', 'conflict', 'refused', 'exception', 'quarantined', 'policy'));

alter table policy add column approved_by text, add column reason text;
revoke update on policy from tiebeam_app;
