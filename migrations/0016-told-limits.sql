-- What the ERP tool of a Procore company was told last of the limits of the ERP, by hash, and which company that was:
-- no route reads it back, and the same connection may be pointed at another company, which was told nothing.
alter table connection
  add column told_limits text,
  add column told_company text,
  add constraint told_both check ((told_limits is null) = (told_company is null));
