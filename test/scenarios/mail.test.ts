import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMail } from '../../src/lib/mail.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { chooseMail, type MailChoice, mailTrouble } from '../../src/store/people/mail.ts';
import { standsIn } from './looking.ts';
import { startMailServer } from './mail-server.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

const FROM = { from: 'Tiebeam <tiebeam@harbor.example>', address: 'https://tiebeam.harbor.example/' };

let server: Awaited<ReturnType<typeof startMailServer>>;
let world: World;
beforeAll(async () => {
  server = await startMailServer();
  world = await startWorld({ mail: { url: server.url(), ...FROM } });
  await choose('accountant', { about: 'ordered', delivery: 'at-once', hour: 12 });
  await choose('controller', { about: 'waits', delivery: 'at-once', hour: 12 });
  await choose('peter', { about: 'ordered', delivery: 'daily', hour: (new Date().getUTCHours() + 12) % 24 });
});
afterAll(async () => {
  await world?.stop();
  await server?.stop();
});

const choose = (who: keyof typeof people, ...choices: MailChoice[]) =>
  inTenant(world.db.pools.app, world.tenant, (tx) => chooseMail(tx, people[who].id, choices));
const mailsTo = (who: keyof typeof people, about: string) =>
  server.received.filter(({ to, text }) => to === people[who].email && text.includes(about));

test('an order that was made is told at once to who wants to hear of it, with its amount and its address', async () => {
  const { contract } = await exportCommitment(world, { number: 'SC-TOLD' });
  const { id } = await standsIn(world, contract, 'confirmed');
  const [mail] = await until('the mail came', async () => {
    const mails = mailsTo('accountant', 'SC-TOLD');
    return mails.length > 0 && mails;
  });
  expect(mail!.text).toMatch(/Order \d+ was created: SC-TOLD of Steel & Sons, USD 1,000\.30/);
  expect(mail!.text).toContain(`https://tiebeam.harbor.example/documents/${id}`);
  expect(mail!.subject).toContain('SC-TOLD');
});

test('a question is told to who may answer it, and to nobody else', async () => {
  await exportCommitment(world, { number: 'SC-LARGE', lines: [{ amount: '60000.00' }] });
  const [mail] = await until('the controller is told', async () => {
    const mails = mailsTo('controller', 'SC-LARGE');
    return mails.length > 0 && mails;
  });
  expect(mail!.text).toContain('Waits for you:');
  expect(mail!.text).toMatch(/https:\/\/tiebeam\.harbor\.example\/review\/[0-9a-f-]{36}/);
  expect(server.received.map(({ to }) => to)).not.toContain(people.engineer.email);
});

test('a server that refuses keeps no order waiting; what it refused comes later under one id', async () => {
  server.refuse(true);
  const { contract } = await exportCommitment(world, { number: 'SC-LATE' });
  await standsIn(world, contract, 'confirmed');
  const trouble = await until('the refusal is known', () =>
    inTenant(world.db.pools.app, world.tenant, (tx) => mailTrouble(tx, people.accountant.id)),
  );
  expect(trouble.error).toContain('mailbox is busy');
  expect(mailsTo('accountant', 'SC-LATE')).toEqual([]);
  server.refuse(false);
  await world.query('update mail_item set due_at = now() where over_at is null and attempts > 0');
  await until('it comes', async () => mailsTo('accountant', 'SC-LATE').length === 1);
});

test('a mail whose answer is lost comes twice under one id, which shows that it is one', async () => {
  server.loseNextAnswer();
  const { contract } = await exportCommitment(world, { number: 'SC-TWICE' });
  await standsIn(world, contract, 'confirmed');
  await until('it came once', async () => mailsTo('accountant', 'SC-TWICE').length === 1);
  await until('it is known to be uncertain', async () => {
    const rows = await world.query('select 1 from mail_item where over_at is null and attempts > 0');
    return rows.length > 0;
  });
  await world.query('update mail_item set due_at = now() where over_at is null and attempts > 0');
  await until('it came again', async () => mailsTo('accountant', 'SC-TWICE').length === 2);
  expect(new Set(mailsTo('accountant', 'SC-TWICE').map(({ id }) => id)).size).toBe(1);
});

test('what is wanted once a day waits for its hour, all of it for one mail', async () => {
  const due = await world.query<{ later: boolean }>(
    "select due_at > now() + interval '1 hour' as later from mail_item where person = $1",
    [people.peter.id],
  );
  expect(due.length).toBeGreaterThanOrEqual(3);
  expect(due.every(({ later }) => later)).toBe(true);
  await world.query('update mail_item set due_at = now() where person = $1', [people.peter.id]);
  await until('it comes', async () => mailsTo('peter', 'SC-TOLD').length === 1);
  expect(mailsTo('peter', 'SC-TOLD')[0]!.text).toContain('SC-LATE');
  expect(server.received.filter(({ to }) => to === people.peter.email)).toHaveLength(1);
});

test('the sign-in is proved, and a wrong one is said', async () => {
  await openMail({ url: server.url(), ...FROM }).verify();
  await expect(openMail({ url: server.url('wrong'), ...FROM }).verify()).rejects.toThrow(/535/);
});
