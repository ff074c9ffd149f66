-- Whose words are spoken to this company: Procore has a dictionary for each of these.
alter table tenant add column point_of_view text not null default 'general-contractor'
  check (point_of_view in ('general-contractor', 'owner', 'specialty-contractor'));
