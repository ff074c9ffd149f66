-- Taking webhooks in by the batch, appending to the audit chain in one call, and a memory of what was anchored.

-- A signal's tenant is that of its hook or of its transaction, and no tenant is ever deleted: looking each one up in
-- the table of tenants cost a third of writing it down.
alter table signal drop constraint signal_tenant_fkey;

-- Stores the deliveries of many hooks in one transaction: their signals, the lanes that these wake, and the bodies
-- that were not understood. A hook is looked at again here, so that one that was disabled or got another secret is
-- refused whatever its caller remembers, and its tenant is taken from its row and from nowhere else. Each tenant's rows pass that tenant's own row-level security.
-- Answers the positions of the groups that were admitted.
create function door_receive(groups jsonb) returns setof integer
  language plpgsql security definer
  set search_path = public
  -- A lane that another transaction holds must not stop every other sender: their answer is due within 5 s.
  set lock_timeout = '3s'
as $$
declare
  entry record;
  place record;
  told integer;
begin
  for entry in
    select g.position::integer as position, g.value ->> 'hook' as hook, decode(g.value ->> 'secret', 'hex') as secret,
      g.value -> 'bodies' as bodies, g.value -> 'signals' as signals
    from jsonb_array_elements(groups) with ordinality as g (value, position)
    -- Every process locks in this order.
    order by g.value ->> 'hook', g.position
  loop
    select h.tenant, h.connection into place from hook h
      where h.id = entry.hook and h.secret_hash = entry.secret and h.disabled_at is null;
    continue when not found;
    return next entry.position;
    perform set_config('tiebeam.tenant', place.tenant, true);

    if jsonb_array_length(entry.bodies) > 0 then
      insert into payload (tenant, hash, class, body, size_bytes)
        select place.tenant, encode(sha256(b.bytes), 'hex'), 'signal', b.bytes, length(b.bytes)
        from (select convert_to(value, 'UTF8') as bytes from jsonb_array_elements_text(entry.bodies)) as b
        on conflict (tenant, hash) do nothing;
    end if;

    with heard as materialized (
      select * from rows from (
        jsonb_to_recordset(entry.signals)
          as (key text, object text, native_id text, hint jsonb, stage text, lane text, account text)
      ) with ordinality as t (key, object, native_id, hint, stage, lane, account, position)
    ), fresh as (
      insert into signal (tenant, connection, dedupe_key, object, native_id, hint)
        select place.tenant, place.connection, t.key, t.object, t.native_id, t.hint from heard t order by t.position
        on conflict (tenant, connection, dedupe_key) do nothing
        returning dedupe_key
    ), woken as (
      insert into lane (tenant, stage, id, account)
        select distinct place.tenant, t.stage, t.lane, t.account
        from heard t join fresh f on f.dedupe_key = t.key where t.lane is not null
        order by t.stage, t.lane
        -- A lane that is due and rests will be claimed after this commit, because its row is locked until then:
        -- writing it again would only cost.
        on conflict (tenant, stage, id) do update
          set due_at = least(lane.due_at, now()), wakes = lane.wakes + 1, account = excluded.account
          where lane.due_at > now() or lane.lease_until is not null or lane.account <> excluded.account
        returning account
    )
    select count(pg_notify('tiebeam_lane', w.account)) into told from (select distinct account from woken) as w;
  end loop;
  perform set_config('tiebeam.tenant', '', true);
end $$;
revoke all on function door_receive(jsonb) from public;
grant execute on function door_receive(jsonb) to tiebeam_door;

-- Appends to the chain of the transaction's tenant in one call, because the head stays locked from here to the end
-- of the transaction and every round trip in between is time in which nobody else of the tenant can append. The
-- same rule stands in the service, which verifies what this function wrote.
create function append_audit(entries jsonb) returns void language plpgsql as $$
declare
  chain audit_head;
  link record;
  following text;
begin
  select * into chain from audit_head where tenant = current_tenant() for update;
  if not found then
    insert into audit_head (tenant, seq, hash) values (current_tenant(), 0, repeat('0', 64)) on conflict do nothing;
    select * into strict chain from audit_head where tenant = current_tenant() for update;
  end if;
  for link in
    select * from jsonb_to_recordset(entries) as e (at timestamptz, kind text, actor text, document uuid, entry text)
  loop
    chain.seq := chain.seq + 1;
    following := encode(sha256(convert_to(
      concat_ws(E'\n', 'tiebeam.audit.v1', chain.tenant, chain.seq, chain.hash, link.entry), 'UTF8')), 'hex');
    insert into audit (tenant, seq, at, kind, actor, document, entry, previous, hash)
      values (chain.tenant, chain.seq, link.at, link.kind, link.actor, link.document, link.entry, chain.hash, following);
    chain.hash := following;
  end loop;
  update audit_head set seq = chain.seq, hash = chain.hash where tenant = chain.tenant;
end $$;
grant execute on function append_audit(jsonb) to tiebeam_app;

-- What was signed and left the database: a newer anchor that is missing outside, or here, is noticed by the other.
create table audit_anchor (
  tenant text not null references tenant,
  number bigint not null,
  seq bigint not null,
  head text not null,
  digest text not null,
  at timestamptz not null,
  primary key (tenant, number)
);
alter table audit_anchor enable row level security;
alter table audit_anchor force row level security;
create policy tenant_only on audit_anchor using (tenant = current_tenant()) with check (tenant = current_tenant());
grant select, insert on audit_anchor to tiebeam_app;
create trigger audit_anchor_append_only before update or delete on audit_anchor for each row execute function refuse_change();
create trigger audit_anchor_no_truncate before truncate on audit_anchor for each statement execute function refuse_change();
