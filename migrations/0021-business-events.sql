-- What became of a record with a version of it, in the words of the business: found by comparing it with the one before.
alter table record_version add column events text[] not null default '{}';

-- Few versions mean anything to the business, and those are read newest first, of a project or of all.
create index record_version_events on record_version (tenant, connection, seen_at desc, object, native_id, version)
  where events <> '{}';
