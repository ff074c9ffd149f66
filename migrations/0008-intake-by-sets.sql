-- Taking webhooks in costs a third again: one statement writes the signals of all tenants, where a loop ran two for each.

-- The most telling column first: a comparison ends at it, and the keys of events begin with their time, so that new
-- ones stand side by side. All columns are always asked for together.
alter table signal drop constraint signal_pkey, add primary key (dedupe_key, connection, tenant);
drop index signal_by_record;
create index signal_by_record on signal (native_id, object, connection, tenant) where state = 'received';

-- One statement cannot stand under the row-level security of several tenants. These policies let it through, and
-- nobody else: they bind the owner of the functions alone, as whom nobody logs in, and every one of its definer
-- functions that is given to the door names the tenant from a row that the database found by itself. The service's
-- own roles stay bound to the tenant of their transaction.
create policy door_hears on signal for insert to current_user with check (true);
create policy door_told on signal for select to current_user using (true);
create policy door_keeps on payload for insert to current_user with check (true);
create policy door_finds on lane for select to current_user using (true);
create policy door_opens on lane for insert to current_user with check (true);
create policy door_wakes on lane for update to current_user using (true) with check (true);

drop function door_receive(jsonb);

-- Stores the deliveries of many hooks in one transaction: their signals, the lanes that these wake, and the bodies
-- that were not understood. Signals and bodies name their hook by its place in `hooks`. A hook is looked at again
-- here, so that one that was disabled or got another secret is refused whatever its caller remembers, and tenant and
-- connection are taken from its row and from nowhere else. Answers the places of the hooks that were admitted.
create function door_receive(
  hooks text[], secrets text[], accounts text[],
  places integer[], keys text[], objects text[], native_ids text[], hints text[], stages text[], lanes text[],
  body_places integer[], bodies text[]
) returns integer[]
  language plpgsql security definer
  set search_path = public
  -- A lane that another transaction holds must not stop every other sender: their answer is due within 5 s.
  set lock_timeout = '3s'
  -- The tables are met by their keys whatever comes; planning anew for each call cost more than running.
  set plan_cache_mode = force_generic_plan
as $$
declare
  tenants text[];
  connections text[];
  admitted integer[];
  fresh integer[];
  told integer;
begin
  select array_agg(h.tenant order by g.place), array_agg(h.connection order by g.place),
    array_agg(g.place::integer) filter (where h.id is not null)
  into tenants, connections, admitted
  from unnest(hooks, secrets) with ordinality as g (hook, secret, place)
    left join hook h on h.id = g.hook and h.secret_hash = decode(g.secret, 'hex') and h.disabled_at is null;
  if admitted is null then return '{}'; end if;

  if cardinality(bodies) > 0 then
    insert into payload (tenant, hash, class, body, size_bytes)
      select tenants[b.place], encode(sha256(b.bytes), 'hex'), 'signal', b.bytes, length(b.bytes)
      from (
        select t.place, convert_to(t.body, 'UTF8') as bytes from unnest(body_places, bodies) as t (place, body)
      ) as b
      where tenants[b.place] is not null
      on conflict do nothing;
  end if;

  -- The rows of a function are read in the order of its arrays, which is that of arrival.
  begin
    insert into signal (tenant, connection, dedupe_key, object, native_id, hint)
      select tenants[s.place], connections[s.place], s.key, s.object, s.native_id, s.hint::jsonb
      from unnest(places, keys, objects, native_ids, hints) as s (place, key, object, native_id, hint)
      where tenants[s.place] is not null;
  exception when unique_violation then
    -- Something came before. That is rare, and expecting it of each row cost a fifth of writing them.
    with stored as (
      insert into signal (tenant, connection, dedupe_key, object, native_id, hint)
        select tenants[s.place], connections[s.place], s.key, s.object, s.native_id, s.hint::jsonb
        from unnest(places, keys, objects, native_ids, hints) as s (place, key, object, native_id, hint)
        where tenants[s.place] is not null
        on conflict do nothing
        returning dedupe_key, connection, tenant
    )
    select coalesce(array_agg(s.position::integer), '{}') into fresh
    from unnest(places, keys) with ordinality as s (place, key, position)
      join stored t on (t.dedupe_key, t.connection, t.tenant) = (s.key, connections[s.place], tenants[s.place]);
  end;

  with woken as (
    insert into lane (tenant, stage, id, account)
      select distinct on (1, 2, 3) tenants[s.place], s.stage, s.lane, accounts[s.place]
      from unnest(places, stages, lanes) with ordinality as s (place, stage, lane, position)
      where s.lane is not null and tenants[s.place] is not null and (fresh is null or s.position = any (fresh))
      -- Every process locks in this order.
      order by 1, 2, 3
      -- A lane that is due and rests will be claimed after this commit, because its row is locked until then: writing
      -- it again would only cost.
      on conflict (tenant, stage, id) do update
        set due_at = least(lane.due_at, now()), wakes = lane.wakes + 1, account = excluded.account
        where lane.due_at > now() or lane.lease_until is not null or lane.account <> excluded.account
      returning account
  )
  select count(pg_notify('tiebeam_lane', w.account)) into told from (select distinct account from woken) as w;
  return admitted;
end $$;
revoke all on function door_receive(
  text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], integer[], text[]) from public;
grant execute on function door_receive(
  text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], integer[], text[]) to tiebeam_door;
