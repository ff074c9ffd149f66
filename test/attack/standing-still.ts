/** Reads rows as a role that sees every tenant. */
export type Read = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;

/** Something unfinished that nothing will ever move: no due lane, no wait, no open question. */
export type Stuck = {
  readonly tenant: string;
  readonly what: string;
  readonly id: string;
  readonly why: string;
};

/**
 * The rule of liveness over a database, whatever was done to it: everything unfinished has a lane that looks at it
 * again, a key that it waits for, or somebody who is asked. A row that is found here would stay for ever.
 */
export async function standingStill(read: Read): Promise<Stuck[]> {
  const found = [];
  for (const rule of rules) found.push(...(await read<Stuck>(rule)));
  return found;
}

// A lane that is due at no time looks at nothing.
const LIVE_LANES = "select tenant, stage, id from lane where due_at < 'infinity'";

const documents = `
  with live as (${LIVE_LANES})
  select d.tenant, 'document' as what, d.id::text as id,
    d.kind || ' of ' || d.source_object || ' ' || d.source_id || ' revision ' || d.revision || ' stands in ' || d.state as why
  from document d
  where d.state not in ('confirmed', 'withdrawn', 'detached')
    -- A person decided that it stays posted without its source being told: it says so, and is over.
    and not (d.state = 'posted' and d.reasons @> '[{"code": "source-not-told"}]')
    -- The question that has to be answered first is about another document of the same contract.
    and not (d.state = 'posted' and d.reasons @> '[{"code": "waits-behind"}]'
      and exists (select from posting head join review_item r on r.tenant = head.tenant and r.state = 'open'
        and (r.document = head.document or r.subject like '%' || head.id::text || '%')
        where head.tenant = d.tenant and head.root = d.root and head.state = 'exception'))
    and not exists (select from waits_for w where w.tenant = d.tenant and w.document = d.id
      and d.state in ('planned', 'blocked', 'in-review', 'awaiting-approval', 'ready', 'refused', 'conflict'))
    and not exists (select from review_item r where r.tenant = d.tenant and r.document = d.id and r.state = 'open')
    and not exists (select from live l where l.tenant = d.tenant and (
      l.stage = 'source' and l.id like '%|' || d.source_object || '|' || d.source_id
      or l.stage = 'post' and l.id in (d.target_connection || '|' || d.root, d.source_connection || '|' || d.root)))`;

const postings = `
  with live as (${LIVE_LANES})
  select p.tenant, 'posting' as what, p.id::text as id,
    p.write_name || ' at ' || p.connection || ' for ' || p.root || ' stands in ' || p.state as why
  from posting p
  where p.state not in ('posted', 'adopted', 'refused', 'cancelled')
    and not exists (select from live l where l.tenant = p.tenant and l.stage = 'post'
      and l.id = p.connection || '|' || p.root)
    and not exists (select from review_item r where r.tenant = p.tenant and r.state = 'open'
      and (r.document = p.document or r.subject like '%' || p.id::text || '%'))
    -- One that waits its turn behind a write that a person has to look at waits for that person.
    and not exists (select from posting head join review_item r on r.tenant = head.tenant and r.state = 'open'
      and (r.document = head.document or r.subject like '%' || head.id::text || '%')
      where head.tenant = p.tenant and head.connection = p.connection and head.root = p.root and head.seq < p.seq
        and head.state = 'exception')
    and not exists (select from waits_for w where w.tenant = p.tenant and w.document = p.document)`;

const requestItems = `
  with live as (${LIVE_LANES})
  select i.tenant, 'request item' as what, i.key as id,
    i.event || ' of ' || i.object || ' ' || i.native_id || ' stands in ' || i.state as why
  from request_item i
  where i.state in ('received', 'working')
    and not exists (select from live l where l.tenant = i.tenant and (
      l.stage = 'source' and l.id like '%|' || i.object || '|' || i.native_id
      or l.stage = 'post' and l.id like '%|commitment:' || i.native_id))
    and not exists (select from document d where d.tenant = i.tenant and d.source_id = i.native_id
      and d.state not in ('confirmed', 'withdrawn', 'detached')
      and (exists (select from waits_for w where w.tenant = d.tenant and w.document = d.id)
        or exists (select from review_item r where r.tenant = d.tenant and r.document = d.id and r.state = 'open')))
    and not exists (select from review_item r where r.tenant = i.tenant and r.state = 'open'
      and (r.subject like '%' || i.native_id || '%'
        -- Nobody has said yet to which ERP company its project belongs.
        or r.subject = 'mapping:company:' || (i.content ->> 'projectId')))`;

const signals = `
  with live as (${LIVE_LANES})
  select s.tenant, 'signal' as what, s.dedupe_key as id,
    'a hint at ' || s.object || ' ' || s.native_id || ' was never taken' as why
  from signal s
  where s.state = 'received' and s.object in ('commitment', 'erp-request')
    and not exists (select from live l where l.tenant = s.tenant and l.stage = 'source'
      and l.id = s.connection || '|' || s.object || '|' || s.native_id)
    and not exists (select from review_item r where r.tenant = s.tenant and r.state = 'open'
      and r.subject like '%' || s.native_id || '%')`;

const rules = [documents, postings, requestItems, signals];
