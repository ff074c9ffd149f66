-- What a restore needs to be told apart, and what people need to see that they decided.

-- When the epoch was raised last: what was lost of the database may have been sent until then.
alter table installation add column raised_at timestamptz;

-- Since when a record that we know is not shown any more; null while it is.
alter table record add column missed_at timestamptz;

-- What the approver saw, so that a later question can say what changed since.
alter table approval add column shown jsonb;

-- Finds every request that ever carried a reference, also of postings that were taken back.
create index posting_by_reference on posting (tenant, connection, reference) where write_kind = 'create';

-- Raises the epoch once, from the one the caller saw. Whoever held an account before is fenced off: what its worker
-- still believes was read before the epoch, and lane fences go far beyond any that a lost tail gave out.
create function raise_epoch(seen bigint) returns bigint
  language plpgsql security definer set search_path = public as $$
  declare now_at bigint;
  begin
    update installation set epoch = seen + 1, raised_at = clock_timestamp() where epoch = seen;
    if found then
      update account_lease set fence = fence + 1000000, lease_until = now();
      perform setval('lane_fence', nextval('lane_fence') + 1000000);
    end if;
    select epoch into now_at from installation;
    return now_at;
  end
$$;
revoke all on function raise_epoch(bigint) from public;
grant execute on function raise_epoch(bigint) to tiebeam_app;
