import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import type { AlteredAnswers } from './altered-answers.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { actInErp, addErpVendor, editLines, exportAgain, mapCost } from './hands.ts';
import { closedDetail, documentOf, orderOf, procoreState, questions, standsIn } from './looking.ts';
import {
  exportCommitment,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  until,
  vendors,
  type World,
} from './world.ts';

let world: World;
let procore: AlteredAnswers;
let altered: AlteredWorld;
beforeAll(async () => {
  altered = await startAlteredWorld();
  ({ world, procore } = altered);
});
afterAll(() => altered?.stop());

const answerMapping = (reviewId: string, kind: 'cost' | 'vendor', key: string, code: string, scope = '') =>
  world.service.answer({
    tenant: world.tenant,
    user: people.accountant,
    reviewId,
    answers: [{ kind, scope, key, value: { kind: kind === 'cost' ? 'account' : 'vendor', code } }],
  });

async function originOf(vendor: number): Promise<string | null | undefined> {
  return (await procoreState(world)).vendors.find(({ id }) => id === vendor)?.origin_id;
}

describe('an unknown vendor', () => {
  test('waits, then flows when the ERP has the vendor, and its code stands in Procore', async () => {
    await world.act({
      as: PETER,
      action: 'edit_vendor',
      vendor_id: vendors.unknown,
      fields: { email_address: 'bids@roofing.example' },
    } as ProcoreAct);
    const { contract } = await exportCommitment(world, { vendor: vendors.unknown });
    await standsIn(world, contract, 'blocked', { reason: 'vendor-unlinked' });
    await addErpVendor(world, {
      CardCode: 'V2000',
      CardName: 'Brand New Roofing, Inc.',
      EmailAddress: 'bids@roofing.example',
    });
    await standsIn(world, contract, 'confirmed');
    expect((await orderOf(world, contract)).cardCode).toBe('V2000');
    expect(await originOf(vendors.unknown)).toBe('V2000');
  });

  test('that could be two ERP vendors waits for a person, and flows as chosen', async () => {
    await addErpVendor(world, { CardCode: 'V3001', CardName: 'Twin Electric, Inc.' });
    await addErpVendor(world, { CardCode: 'V3002', CardName: 'Twin Electric, LLC' });
    const { contract } = await exportCommitment(world, { vendor: vendors.twin });
    await standsIn(world, contract, 'blocked', { reason: 'vendor-unlinked' });
    const asked = await until('somebody is asked which vendor it is', async () => {
      const open = await questions(world, 'vendor-match');
      return open.find(({ evidence }) => evidence.suggestions?.length === 2);
    });
    expect(asked.evidence.suggestions?.map(({ code }) => code).sort()).toEqual(['V3001', 'V3002']);
    expect(await originOf(vendors.twin)).toBeNull();
    expect(await answerMapping(asked.id, 'vendor', String(vendors.twin), 'V3002')).toEqual({ ok: true });
    await standsIn(world, contract, 'confirmed');
    expect((await orderOf(world, contract)).cardCode).toBe('V3002');
    expect(await originOf(vendors.twin)).toBe('V3002');
  });
});

describe('a cost code without an account', () => {
  test('is asked once, and one answer releases every document that waited for it, and only those', async () => {
    const paint = { amount: '75.00', code: 43 } as const;
    const one = await exportCommitment(world, { lines: [paint] });
    const two = await exportCommitment(world, { lines: [paint, { amount: '5.00' }] });
    const other = await exportCommitment(world, { lines: [{ amount: '9.00', code: 45 }] });
    for (const { contract } of [one, two, other]) await standsIn(world, contract, 'in-review');
    const waiting = await documentOf(world, one.contract);
    expect(waiting?.reasons[0]?.message).toBe('Cost code 09-900 Paint / S Subcontract has no ERP account.');
    const open = await questions(world, 'unmapped');
    expect(open.map(({ subject }) => subject).sort()).toEqual([
      'mapping:cost:08-100|S',
      'mapping:cost:09-900|S',
    ]);
    const paintQuestion = open.find(({ subject }) => subject.includes('09-900'))!;
    expect(await answerMapping(paintQuestion.id, 'cost', '09-900|S', '5100')).toEqual({ ok: true });
    await standsIn(world, one.contract, 'confirmed');
    await standsIn(world, two.contract, 'confirmed');
    expect((await documentOf(world, other.contract))?.state).toBe('in-review');
  });

  test('stays asked when the answer names an account that the ERP does not have', async () => {
    const [question] = await questions(world, 'unmapped');
    const answered = await answerMapping(question!.id, 'cost', '08-100|S', '9999');
    expect(answered).toMatchObject({ ok: false, status: 422 });
    expect((await questions(world, 'unmapped')).map(({ id }) => id)).toEqual([question!.id]);
  });

  test('mapped in the table instead of the question closes the question', async () => {
    expect(await mapCost(world, '08-100|S', '5100')).toEqual({ ok: true });
    await until(
      'no question about it is open',
      async () => (await questions(world, 'unmapped')).length === 0,
    );
  });
});

test("a project's own row beats the row of the company", async () => {
  expect(await mapCost(world, '05-100|S', '5100', String(OTHER_PROJECT))).toEqual({ ok: true });
  const here = await exportCommitment(world, { project: PROJECT, lines: [{ amount: '20.00', code: 41 }] });
  const there = await exportCommitment(world, {
    project: OTHER_PROJECT,
    lines: [{ amount: '30.00', code: 44 }],
  });
  await standsIn(world, here.contract, 'confirmed');
  await standsIn(world, there.contract, 'confirmed');
  const accounts = async (contract: number) =>
    (await orderOf(world, contract)).document.DocumentLines.map((line) => line.AccountCode);
  expect(await accounts(here.contract)).toEqual(['5200']);
  expect(await accounts(there.contract)).toEqual(['5100']);
});

describe('a closed period', () => {
  const year = new Date().getUTCFullYear();
  const code = `${year}-03`;
  const lock = (status: 'ltLocked' | 'ltUnlocked') =>
    actInErp(world, { action: 'lock_period', code, status });
  const isKnownOpen = async () =>
    (
      await world.query<{ open: boolean }>(
        "select (body ->> 'open')::boolean as open from record where object = 'period' and body ->> 'name' = $1",
        [code],
      )
    )[0]?.open;

  test('blocks with a proposal, and the document flows when the period opens', async () => {
    await lock('ltLocked');
    await until('the lock is seen', async () => (await isKnownOpen()) === false);
    const { contract } = await exportCommitment(world, { accountingDate: `${year}-03-15` });
    const blocked = await standsIn(world, contract, 'blocked', { reason: 'period-closed' });
    expect(blocked.reasons[0]?.remedy).toContain(`${year}-04-01`);
    await lock('ltUnlocked');
    const posted = await standsIn(world, contract, 'confirmed');
    expect(posted.accounting_date).toBe(`${year}-03-15`);
  });

  test('gives way to the date of a new export, as it proposed', async () => {
    await lock('ltLocked');
    await until('the lock is seen', async () => (await isKnownOpen()) === false);
    const { contract, detail } = await exportCommitment(world, { accountingDate: `${year}-03-15` });
    const blocked = await standsIn(world, contract, 'blocked', { reason: 'period-closed' });
    const taken = await world.service.withdraw({
      tenant: world.tenant,
      user: people.accountant,
      documentId: blocked.id,
      reason: 'Take April.',
    });
    expect(taken).toEqual({ ok: true });
    expect((await closedDetail(world, detail)).status).toBe('failed');
    await exportAgain(world, contract, `${year}-04-02`);
    expect((await standsIn(world, contract, 'confirmed')).accounting_date).toBe(`${year}-04-02`);
    await orderOf(world, contract);
    await lock('ltUnlocked');
  });
});

test('a commitment that does not add up is blocked with the difference, and flows when corrected', async () => {
  procore.change((contract) =>
    contract.title === 'Work ODD' ? { ...contract, grand_total: '1000.31' } : contract,
  );
  const { contract } = await exportCommitment(world, { number: 'ODD' });
  const blocked = await standsIn(world, contract, 'blocked', { reason: 'amounts-disagree' });
  expect(blocked.reasons[0]?.message).toBe('The lines and the contract total differ by -0.01 USD.');
  procore.change((shown) => shown);
  await editLines(world, contract, [], { description: 'Sum corrected' });
  await standsIn(world, contract, 'confirmed');
  expect((await orderOf(world, contract)).document.DocTotal).toBe(1000.3);
});
