-- What was sent of an earlier plan of a document without a person, and was planned over or taken back when a person had
-- decided about it: it may have had its effect, so it takes its part of the day.
alter table document
  add column spent_minor bigint not null default 0,
  add column spent_at timestamptz;
