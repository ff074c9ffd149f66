-- What each person wants to be told of by mail, and since when; nobody who chose nothing is told anything.
create table mail_choice (
  tenant text not null references tenant,
  person text not null,
  about text not null check (about in ('waits', 'ordered')),
  delivery text not null check (delivery in ('at-once', 'daily')),
  -- Of the day, in UTC, for what comes daily.
  hour integer not null check (hour between 0 and 23),
  since timestamptz not null default now(),
  primary key (tenant, person, about),
  foreign key (tenant, person) references app_user (tenant, id)
);
alter table mail_choice enable row level security;
alter table mail_choice force row level security;
create policy tenant_only on mail_choice using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert, update, delete on mail_choice to tiebeam_app;

-- What each person is told of, once: several go in one mail, whose id is written down before it is sent.
create table mail_item (
  tenant text not null references tenant,
  person text not null,
  -- The question, or the document that was posted.
  subject text not null,
  about text not null check (about in ('waits', 'ordered')),
  title text not null,
  path text not null,
  due_at timestamptz not null,
  message_id text,
  attempts integer not null default 0,
  last_error text,
  -- When it was sent, or was no news any more.
  over_at timestamptz,
  primary key (tenant, person, subject),
  foreign key (tenant, person) references app_user (tenant, id)
);
create index mail_item_due on mail_item (tenant, due_at) where over_at is null;
alter table mail_item enable row level security;
alter table mail_item force row level security;
create policy tenant_only on mail_item using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert, update on mail_item to tiebeam_app;
