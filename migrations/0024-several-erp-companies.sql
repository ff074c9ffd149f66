-- One Procore company, several ERP companies: a mapping says to which of them a project belongs. The one that was
-- connected first comes first in every list of them.

alter table mapping
  drop constraint mapping_kind_check,
  add constraint mapping_kind_check check (kind in (
    'project', 'vendor', 'cost', 'retainage', 'customer', 'revenue', 'retainage-receivable', 'company'));

create or replace function door_list_connections()
  returns table (tenant text, id text, system text, account text)
  language sql stable security definer set search_path = public as $$
    select c.tenant, c.id, c.system, c.account from connection c order by c.tenant, c.created_at, c.id
  $$;
