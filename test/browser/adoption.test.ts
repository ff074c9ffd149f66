import { expect, it } from 'vitest';
import type { z } from 'zod';
import type { AdoptableOrder } from '../../src/http/schemas/review.ts';
import { expectAccessible, expectNoSidewaysScroll, narrow } from './app-page.ts';
import { browserSuite, type Stage } from './stub-suite.ts';

const order: z.infer<typeof AdoptableOrder> = {
  id: '7',
  number: '1207',
  vendorReference: 'SC-0102',
  vendorCode: 'V1000',
  date: '2026-03-11',
  total: '2300.00',
  difference: '0.10',
  invoiced: '4990.00',
  evidence: ['same vendor', 'number is the vendor reference'],
  problem: null,
  notes: ['Differences stay until the commitment changes or is exported.'],
  lines: [
    {
      name: 'Stairs',
      source: '2000.00',
      target: '2000.00',
      orderLine: '0',
      coding: 'account 5200',
      difference: '0.00',
      evidence: 'same text and amount',
    },
    {
      name: 'Rails',
      source: '300.10',
      target: '300.00',
      orderLine: '1',
      coding: 'account 5200',
      difference: '0.10',
      evidence: 'same text',
    },
  ],
  openings: [2, 1].map((application) => ({
    application,
    source: '5000.00',
    target: '4990.00',
    difference: '10.00',
    retainageHeld: '0.00',
    lines: [{ name: 'line 1', source: '5000.00', target: '4990.00', difference: '10.00' }],
  })),
};

/** The first question of the queue is about an order that stands in the ERP. */
function ask({ stub }: Stage, adoption: { certain: boolean; candidates: (typeof order)[] }): void {
  Object.assign(stub.world.review[0]!, {
    kind: 'adoption',
    title: 'SC-0102 Stairs and rails',
    question: 'Is order 1207 the order of this commitment?',
    documentId: null,
    payloadHash: 'v1:shown',
    evidence: [],
    adoption,
  });
}

browserSuite('an order that stands in the ERP', (stage) => {
  const decided = () => stage.stub.asked.map(({ path, body }) => [path.split('/').at(-1), body]);

  it('is shown line by line, and taken over with the application up to which it was billed', async () => {
    const { page } = stage.app;
    ask(stage, { certain: true, candidates: [order] });
    await page.goto('/review');
    const lines = page.getByRole('region', { name: 'Lines of order 1207' });
    await lines.getByRole('row', { name: /Rails 300.10 300.00 0.10/ }).waitFor();
    await page.getByRole('row', { name: /line 1 5,000.00 4,990.00 10.00/ }).waitFor();
    await expectAccessible(page);
    await page.getByRole('radio', { name: /Up to application 1/ }).check();
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByText('SC-0102 Stairs and rails: decided').waitFor();
    expect(decided()).toEqual([['adopt', { payloadHash: 'v1:shown', order: '7', application: 1 }]]);
  });

  it('is chosen by nobody but a person where several could be meant, and may be none of them', async () => {
    const { page } = stage.app;
    ask(stage, { certain: false, candidates: [order, { ...order, id: '8', number: '1208' }] });
    await page.setViewportSize(narrow);
    await page.goto('/review?item=40000000-0000-4000-8000-000000000001');
    const take = page.getByRole('button', { name: 'Take over' });
    await take.waitFor();
    expect(await take.isDisabled()).toBe(true);
    await expectNoSidewaysScroll(page);
    await page.getByRole('radio', { name: /None of them/ }).check();
    await page.getByRole('button', { name: 'It is a new order' }).click();
    await page.getByText('SC-0102 Stairs and rails: decided').waitFor();
    expect(decided()).toEqual([['adopt', { payloadHash: 'v1:shown', order: null, application: null }]]);
  });
});
