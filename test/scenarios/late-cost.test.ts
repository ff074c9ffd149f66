import { afterAll, beforeAll, expect, test } from 'vitest';
import { billed, invoiceStands, mapRetainage } from './billing.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    erp: 'demo-erp',
    ledgerline: {
      periods: [
        { code: 'P1', name: 'Until November', from: '2020-01-01', to: '2026-11-30', open: false },
        { code: 'P2', name: 'From December on', from: '2026-12-01', to: '2099-12-31' },
      ],
    },
  });
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
});
afterAll(() => world?.stop());

test('work of a closed period is posted in the next, and its accrual is proposed to a controller to the cent', async () => {
  const { contract } = await exportCommitment(world, {
    lines: [{ amount: '1000.00' }, { amount: '500.00', code: 42 }],
    accountingDate: '2027-01-15',
  });
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  const [steel, concrete] = contracts.find(({ id }) => id === contract)!.line_items;
  const { application } = await billed(world, contract, [
    {
      line_item_id: steel!.id,
      work_completed_this_period: '400.00',
      work_completed_retainage_retained_this_period: '40.00',
    },
    { line_item_id: concrete!.id, work_completed_this_period: '100.10' },
  ]);
  await invoiceStands(world, application, 'confirmed');
  const [asked] = await until('it is proposed', async () => {
    const found = await questions(world, 'exception');
    return found.length > 0 && found;
  });
  expect(asked!.question).toContain('USD 500.10 of cost are missing in Until November');
  expect(asked!.evidence).toMatchObject({
    accrual: {
      ...{ earned: '2026-11-21', cutOff: '2026-11-30', reversal: '2026-12-01', total: '500.10' },
      lines: [
        { on: { kind: 'account', code: '5200' }, project: 'JOB-4', amount: '400.00' },
        { on: { kind: 'account', code: '5100' }, project: 'JOB-4', amount: '100.10' },
      ],
    },
  });
  const invoices = (await world.erp.invoices()).length;
  const close = { tenant: world.tenant, reviewId: asked!.id, reason: 'Entered as JE 17.' };
  expect(await world.service.reject({ ...close, user: people.accountant })).toMatchObject({ status: 403 });
  expect(await world.service.reject({ ...close, user: people.controller })).toEqual({ ok: true });
  expect(await questions(world, 'exception')).toEqual([]);
  expect(await world.erp.invoices()).toHaveLength(invoices);
});
