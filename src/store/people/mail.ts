import type { MailAbout, MailDelivery, MailItem, PostedOrder } from '../../domain/mail.ts';
import type { Tx } from '../database/transaction.ts';

export type MailChoice = {
  readonly about: MailAbout;
  readonly delivery: MailDelivery;
  readonly hour: number;
};

export async function mailChoices(tx: Tx, person: string): Promise<readonly MailChoice[]> {
  const { rows } = await tx.query<MailChoice>(
    'select about, delivery, hour from mail_choice where tenant = current_tenant() and person = $1 order by about',
    [person],
  );
  return rows;
}

/** What is chosen anew counts from now on; what is left as it was goes on counting. */
export async function chooseMail(tx: Tx, person: string, choices: readonly MailChoice[]): Promise<void> {
  await tx.query(
    'delete from mail_choice where tenant = current_tenant() and person = $1 and about <> all ($2)',
    [person, choices.map(({ about }) => about)],
  );
  for (const { about, delivery, hour } of choices)
    await tx.query(
      `insert into mail_choice (tenant, person, about, delivery, hour) values (current_tenant(), $1, $2, $3, $4)
       on conflict (tenant, person, about) do update set delivery = excluded.delivery, hour = excluded.hour`,
      [person, about, delivery, hour],
    );
}

/** What keeps a person's mail from arriving, if anything does. */
export async function mailTrouble(
  tx: Tx,
  person: string,
): Promise<{ error: string; waiting: number } | null> {
  const { rows } = await tx.query<{ error: string | null; waiting: string }>(
    `select max(last_error) as error, count(*) as waiting from mail_item
     where tenant = current_tenant() and person = $1 and over_at is null and attempts > 0`,
    [person],
  );
  const [row] = rows;
  return row?.error == null ? null : { error: row.error, waiting: Number(row.waiting) };
}

const MOST_AT_ONCE = 500;

// When something is due to somebody who chose so: now, or at their next hour.
const DUE = `case c.delivery when 'at-once' then now() else
  date_trunc('day', now(), 'UTC') + make_interval(hours => c.hour)
  + case when date_trunc('day', now(), 'UTC') + make_interval(hours => c.hour) <= now() then interval '1 day' else interval '0' end end`;

const PEOPLE = `mail_choice c
  join app_user u on u.tenant = c.tenant and u.id = c.person and u.disabled_at is null`;

/** Questions that opened since somebody wanted to hear of them. Each is written down once for each person. */
export async function queueQuestions(tx: Tx): Promise<void> {
  await tx.query(
    `insert into mail_item (tenant, person, subject, about, title, path, due_at)
     select c.tenant, c.person, 'review:' || r.id, c.about, r.title, '/review/' || r.id, ${DUE}
     from ${PEOPLE} join review_item r on r.tenant = c.tenant and r.role = any (u.roles)
     where c.tenant = current_tenant() and c.about = 'waits' and r.state = 'open' and r.opened_at >= c.since
       and not exists (select from mail_item m where m.tenant = c.tenant and m.person = c.person
         and m.subject = 'review:' || r.id)
     order by r.seq limit ${MOST_AT_ONCE}
     on conflict do nothing`,
  );
}

export type OrderedRow = PostedOrder & { readonly id: string; readonly person: string; readonly due: Date };

/** Orders posted since somebody wanted to hear of them, and not written down for that person yet. */
export async function ordersToTell(tx: Tx): Promise<readonly OrderedRow[]> {
  const { rows } = await tx.query<OrderedRow>(
    `select d.id, c.person, ${DUE} as due, d.number, d.vendor_name as "vendorName", d.revision,
       d.source_object as "sourceObject", d.target_number as "targetNumber", d.amount_minor as "amountMinor", d.currency
     from ${PEOPLE} join document d on d.tenant = c.tenant and d.kind = 'purchase-order' and d.posted_at >= c.since
     where c.tenant = current_tenant() and c.about = 'ordered' and d.state in ('posted', 'confirmed')
       and not exists (select from mail_item m where m.tenant = c.tenant and m.person = c.person
         and m.subject = 'document:' || d.id)
     order by d.seq limit ${MOST_AT_ONCE}`,
  );
  return rows;
}

export async function queueOrder(tx: Tx, { id, person, due }: OrderedRow, title: string): Promise<void> {
  await tx.query(
    `insert into mail_item (tenant, person, subject, about, title, path, due_at)
     values (current_tenant(), $1, 'document:' || $2, 'ordered', $3, '/documents/' || $2, $4) on conflict do nothing`,
    [person, id, title, due],
  );
}

/** What was answered before its mail went out is no news any more, and neither is what somebody chose not to hear. */
export async function dropAnswered(tx: Tx): Promise<void> {
  await tx.query(
    `update mail_item m set over_at = now()
     where tenant = current_tenant() and over_at is null and message_id is null and (
       about = 'waits' and not exists (select from review_item r where r.tenant = m.tenant
         and 'review:' || r.id = m.subject and r.state = 'open')
       or not exists (select from mail_choice c where c.tenant = m.tenant and c.person = m.person and c.about = m.about))`,
  );
}

export type DueMail = {
  readonly messageId: string;
  readonly to: string;
  readonly items: readonly MailItem[];
};

// As much as somebody reads in one mail; the rest follows in the next.
const MOST_IN_A_MAIL = 100;

/**
 * The mails that are due, one for each person, each with an id of its own that is committed before it is sent: what may
 * have been sent before goes out under the same id, with the same content.
 */
export async function dueMails(tx: Tx, newMessageId: () => string): Promise<readonly DueMail[]> {
  const { rows: people } = await tx.query<{ person: string }>(
    `select distinct person from mail_item where tenant = current_tenant() and over_at is null and message_id is null
       and due_at <= now()`,
  );
  for (const { person } of people)
    await tx.query(
      `update mail_item set message_id = $2 where tenant = current_tenant() and (person, subject) in (
         select person, subject from mail_item where tenant = current_tenant() and person = $1 and over_at is null
           and message_id is null and due_at <= now() order by due_at, subject limit ${MOST_IN_A_MAIL} for update)`,
      [person, newMessageId()],
    );
  const { rows } = await tx.query<{ messageId: string; email: string } & MailItem>(
    `select m.message_id as "messageId", u.email, m.about, m.title, m.path
     from mail_item m join app_user u on u.tenant = m.tenant and u.id = m.person
     where m.tenant = current_tenant() and m.over_at is null and m.message_id is not null and m.due_at <= now()
     order by m.message_id, m.subject`,
  );
  return [...Map.groupBy(rows, ({ messageId }) => messageId)].map(([messageId, items]) => ({
    messageId,
    to: items[0]!.email,
    items,
  }));
}

export async function mailIsOver(tx: Tx, messageId: string): Promise<void> {
  await tx.query(
    'update mail_item set over_at = now(), last_error = null where tenant = current_tenant() and message_id = $1 and over_at is null',
    [messageId],
  );
}

/** It goes out again later and later, for about a week; then it is given up, and its last error stays with it. */
export async function putMailOff(tx: Tx, messageId: string, error: string): Promise<void> {
  await tx.query(
    `update mail_item set attempts = attempts + 1, last_error = $2,
       due_at = now() + least(interval '1 hour', interval '1 minute' * power(2, least(attempts, 10))),
       over_at = case when attempts >= 170 then now() end
     where tenant = current_tenant() and message_id = $1 and over_at is null`,
    [messageId, error.slice(0, 500)],
  );
}
