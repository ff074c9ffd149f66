import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standingStill } from '../attack/standing-still.ts';
import type { AlteredAnswers } from './altered-answers.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { actInErp, editLines, exportAgain } from './hands.ts';
import {
  closedDetail,
  documentOf,
  orderWrites,
  procoreState,
  type Question,
  questionAbout,
  questions,
  standsIn,
} from './looking.ts';
import { refusedForFrozenVendor, thawVendor } from './refused-order.ts';
import { audited, ordersOf, standsOnce } from './standing.ts';
import { APPROVER, exportCommitment, people, until, type World } from './world.ts';

let world: World;
let procore: AlteredAnswers;
let altered: AlteredWorld;
beforeAll(async () => {
  altered = await startAlteredWorld();
  ({ world, procore } = altered);
  await standsOnce(world, await exportCommitment(world));
});
afterAll(() => altered?.stop());

const reject = (question: Question, user: (typeof people)[keyof typeof people] = people.engineer) =>
  world.service.reject({ tenant: world.tenant, user, reviewId: question.id, reason: 'Leave it.' });

/** Everything unfinished is looked at again, waits for something, or stands in front of somebody. */
const nothingStandsStill = () =>
  expect.poll(() => standingStill(world.query), { timeout: 10_000 }).toEqual([]);

async function withDrafts<T>(work: () => Promise<T>): Promise<T> {
  await world.b1.post('settings', { approvalProcedure: true });
  try {
    return await work();
  } finally {
    await world.b1.post('settings', { approvalProcedure: false });
  }
}

describe('a confirmation that Procore refuses', () => {
  async function postedAndNotTold() {
    procore.refuse('external_data');
    try {
      const sent = await exportCommitment(world);
      const question = await questionAbout(world, sent.contract, 'exception');
      expect((await documentOf(world, sent.contract))?.state).toBe('posted');
      return { ...sent, question };
    } finally {
      procore.refuse();
    }
  }

  test('is asked about, and given up leaves the order posted with the words that Procore was not told', async () => {
    const { contract, detail, question } = await postedAndNotTold();
    expect(await reject(question, people.accountant)).toMatchObject({ ok: false, status: 403 });
    expect(await reject(question)).toEqual({ ok: true });
    const document = await standsIn(world, contract, 'posted', { reason: 'source-not-told' });
    expect(document.reasons[0]?.message).toContain('Procore was not told');
    expect((await closedDetail(world, detail)).status).toBe('success');
    expect(await audited(world, contract, 'given-up')).toBe(1);
    expect(await questions(world, 'exception')).toEqual([]);
    await nothingStandsStill();
    // A new export has it told once more, and nothing is posted twice.
    const writes = await orderWrites(world);
    const again = await exportAgain(world, contract);
    await standsOnce(world, { contract, detail: again.detail });
    expect((await documentOf(world, contract))?.reasons).toEqual([]);
    expect(await orderWrites(world)).toBe(writes);
  });

  test('is written when the permission is back and an engineer looks again', async () => {
    const { contract, detail, question } = await postedAndNotTold();
    const document = (await documentOf(world, contract))!;
    const again = { tenant: world.tenant, user: people.engineer, documentId: document.id };
    expect(await world.service.probeAgain(again)).toEqual({ ok: true });
    await standsOnce(world, { contract, detail });
    expect((await questions(world, 'exception', 'expired')).map(({ id }) => id)).toContain(question.id);
    expect(await world.service.probeAgain(again)).toMatchObject({ ok: false, status: 409 });
  });
});

/** What Procore's request details refuse is an answer to a sender. */
async function withoutAnswers<T>(work: () => Promise<T>): Promise<T> {
  procore.refuse('erp_request_details');
  try {
    return await work();
  } finally {
    procore.refuse();
  }
}

test('an answer to a sender that Procore refuses stays asked about when an edit brings nothing back', async () => {
  const lines = [{ amount: '5.00', code: 45 }] as const;
  const { contract } = await exportCommitment(world, { lines });
  const document = await standsIn(world, contract, 'in-review');
  const question = await withoutAnswers(async () => {
    const wish = { tenant: world.tenant, user: people.accountant, documentId: document.id };
    expect(await world.service.withdraw({ ...wish, reason: 'Not now.' })).toEqual({ ok: true });
    return questionAbout(world, contract, 'exception');
  });
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
  const version = async () => {
    const [record] = await world.query<{ version: number }>(
      "select version from record where connection = 'procore' and object = 'commitment' and native_id = $1",
      [String(contract)],
    );
    return record!.version;
  };
  const isLookedAt = async () => {
    const id = `procore|commitment|${contract}`;
    return (await world.query("select from lane where stage = 'source' and id = $1", [id])).length > 0;
  };
  const before = await version();
  await editLines(world, contract, [{ id: line.id, amount: '5.50' }]);
  await until(
    'the edit is known and planned',
    async () => (await version()) > before && !(await isLookedAt()),
  );
  const open = (await questions(world, 'exception')).map(({ id }) => id);
  expect(open).toEqual([question.id]);
  expect(await reject(question)).toEqual({ ok: true });
  expect((await documentOf(world, contract))?.state).toBe('withdrawn');
  await nothingStandsStill();
});

test('an answer without a document of its own can be given up', async () => {
  const sent = await exportCommitment(world);
  await standsOnce(world, sent);
  const question = await withoutAnswers(async () => {
    await world.act({ as: APPROVER, action: 'unlink', contract_id: sent.contract });
    return until('somebody is asked', async () =>
      (await questions(world, 'exception')).find(({ document }) => document === null),
    );
  });
  expect(await reject(question)).toEqual({ ok: true });
  expect(await reject(question)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('eli@harbor.example rejected it'),
  });
  expect(await questions(world, 'exception')).toEqual([]);
  await nothingStandsStill();
});

describe('an order that was rejected as a draft in the ERP', () => {
  async function rejectedDraft() {
    return withDrafts(async () => {
      const sent = await exportCommitment(world);
      const [posting] = await until('the draft is known', async () => {
        const rows = await world.query<{ handle: string }>(
          `select handle from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
           where d.source_id = $1 and p.state = 'accepted'`,
          [String(sent.contract)],
        );
        return rows.length === 1 && rows;
      });
      await actInErp(world, { action: 'reject_draft', docEntry: Number(posting!.handle.split('-').at(-1)) });
      return { ...sent, question: await questionAbout(world, sent.contract, 'exception') };
    });
  }

  test('is given up by a person, its sender reads why, and a new export makes another order', async () => {
    const { contract, detail, question } = await rejectedDraft();
    const early = await reject(question);
    // A request may still take effect: then it is too early, and the answer says until when.
    if (!early.ok) expect(early.detail).toMatch(/until 20/);
    await until('it can be given up', async () => early.ok || (await reject(question)).ok);
    const document = await standsIn(world, contract, 'detached', { reason: 'cancelled-in-target' });
    expect(document.reasons[0]?.message).toContain('Leave it.');
    const closed = await closedDetail(world, detail);
    expect(closed.status).toBe('failed');
    expect(closed.messages.join()).toContain('Leave it.');
    await nothingStandsStill();
    expect(await ordersOf(world, contract)).toEqual([]);
    const again = await exportAgain(world, contract);
    await standsOnce(world, { contract, detail: again.detail }, 2);
  });
});

test('an order that a clerk changed before it was read back cannot be given up while it stands', async () => {
  await world.erp.trouble({ kind: 'lost-reply', times: 1 });
  const sent = await exportCommitment(world);
  const order = await until('it stands in the ERP', async () => (await ordersOf(world, sent.contract))[0]);
  await actInErp(world, {
    action: 'edit_order_line',
    docEntry: Number(order.id),
    lineNum: 0,
    changes: { LineTotal: 1 },
  });
  const question = await questionAbout(world, sent.contract, 'exception');
  await until('its request is over', async () => {
    const answer = await reject(question);
    expect(answer.ok).toBe(false);
    return !answer.ok && answer.title === 'It stands in the target';
  });
  expect((await documentOf(world, sent.contract))?.state).toBe('posting');
  await actInErp(world, { action: 'cancel_order', docEntry: Number(order.id) });
  expect(await reject(question)).toEqual({ ok: true });
  await standsIn(world, sent.contract, 'detached');
  await nothingStandsStill();
});

test('a refused order is looked for before it is sent again: one that stands by now is not doubled', async () => {
  const sent = await refusedForFrozenVendor(world);
  const { document } = sent;
  await thawVendor(world);
  const [posting] = await world.query<{ reference: string }>(
    "select reference from posting where document = $1 and write_kind = 'create'",
    [document.id],
  );
  // The twin that nobody believed in any more.
  await actInErp(world, {
    action: 'create_order',
    document: {
      CardCode: 'V1000',
      DocDate: '2026-08-03',
      DocDueDate: '2026-08-03',
      U_TiebeamRef: posting!.reference,
      DocType: 'dDocument_Service',
      DocumentLines: [{ ItemDescription: 'Twin', LineTotal: 3, AccountCode: '5200' }],
    },
  });
  const writes = await orderWrites(world);
  const planned = { tenant: world.tenant, user: people.accountant, documentId: document.id };
  await until('it is planned again', async () => (await world.service.replan(planned)).ok);
  await questionAbout(world, sent.contract, 'exception');
  expect(await orderWrites(world)).toBe(writes);
  expect(await ordersOf(world, sent.contract)).toHaveLength(1);
  await nothingStandsStill();
});

test('rejecting a missing mapping sends back every document that waits for it, and nothing else', async () => {
  const one = await exportCommitment(world, { lines: [{ amount: '1.00', code: 43 }] });
  const two = await exportCommitment(world, { lines: [{ amount: '2.00', code: 43 }, { amount: '3.00' }] });
  const other = await exportCommitment(world, { lines: [{ amount: '4.00', code: 45 }] });
  for (const { contract } of [one, two, other]) await standsIn(world, contract, 'in-review');
  const question = (await questions(world, 'unmapped')).find(({ subject }) => subject.includes('09-900'))!;
  expect(await reject(question, people.accountant)).toEqual({ ok: true });
  for (const { contract, detail } of [one, two]) {
    await standsIn(world, contract, 'withdrawn');
    expect(await closedDetail(world, detail)).toMatchObject({
      status: 'failed',
      messages: [expect.stringContaining('Leave it.')],
    });
  }
  expect((await documentOf(world, other.contract))?.state).toBe('in-review');
  await nothingStandsStill();
});

test('an answer to a sender that is given late does not make an order confirmed of which Procore was not told', async () => {
  procore.refuse('erp_request_details', 'external_data');
  const sent = await refusedForFrozenVendor(world);
  const { document } = sent;
  await thawVendor(world, '555-0101');
  const answer = await questionAbout(world, sent.contract, 'exception');
  const planned = { tenant: world.tenant, user: people.accountant, documentId: document.id };
  await until('it is planned again', async () => (await world.service.replan(planned)).ok);
  await standsIn(world, sent.contract, 'posted');
  const told = await until('somebody is asked about both', async () => {
    const about = (await questions(world, 'exception')).filter((item) => item.document === document.id);
    return about.length === 2 && about.find(({ id }) => id !== answer.id);
  });
  procore.refuse('external_data');
  const redrive = (question: Question) =>
    world.service.redrive({ tenant: world.tenant, user: people.engineer, reviewId: question.id });
  expect(await redrive(answer)).toEqual({ ok: true });
  expect((await closedDetail(world, sent.detail)).status).toBe('failed');
  await until('we know that it was given', async () => {
    const given = await world.query(
      "select 1 from posting where document = $1 and operation ->> 'kind' = 'close-request' and state = 'posted'",
      [document.id],
    );
    return given.length === 1;
  });
  expect((await documentOf(world, sent.contract))?.state).toBe('posted');
  procore.refuse();
  expect(await redrive(told)).toEqual({ ok: true });
  await standsIn(world, sent.contract, 'confirmed');
  // Procore closes a request once: it was answered "failed", and nobody answers it again.
  const answers = await world.query(
    "select distinct operation from posting where document = $1 and operation -> 'closing' ->> 'requestDetailId' is not null",
    [document.id],
  );
  expect(answers).toHaveLength(1);
  await nothingStandsStill();
});
