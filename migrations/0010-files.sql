-- Files of the source that go along with what is posted, such as the PDF of a pay application. Their content is a
-- payload like any other; here stands whose it is.
create table source_file (
  tenant text not null references tenant,
  connection text not null,
  object text not null,
  native_id text not null,
  file_id text not null,
  name text not null,
  sha256 text not null,
  seen_at timestamptz not null default now(),
  primary key (tenant, connection, object, native_id, file_id),
  foreign key (tenant, sha256) references payload (tenant, hash)
);
alter table source_file enable row level security;
alter table source_file force row level security;
create policy tenant_only on source_file using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert on source_file to tiebeam_app;
