import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSheet } from '../../domain/billing/sub-invoice.ts';
import { checkAgainstPrevious } from '../../domain/billing/sub-invoice-previous.ts';
import { emptySheet, readSheet } from '../../domain/billing/sub-invoice-sheet.ts';
import type { Stop } from '../../domain/posting/outcomes.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import { parseJson } from '../../lib/decimal-json.ts';
import { procoreConfig } from '../config.ts';
import { actSchema, type ProcoreAct, perform } from '../simulator/act.ts';
import { detailRowView } from '../simulator/billing/requisition-item-views.ts';
import { sheetOf } from '../simulator/billing/requisition-sheet.ts';
import { requisitionView } from '../simulator/billing/requisition-views.ts';
import { seedSchema } from '../simulator/seed.ts';
import { applySeed } from '../simulator/seed-apply.ts';
import { simClock, World } from '../simulator/state.ts';
import { parsed, requisitionShow, sheetRow } from '../wire.ts';
import { subInvoiceRecord } from './sub-invoices.ts';

const [COMPANY, PROJECT, CONTRACT, ANNA] = [7, 70, 41, 1];
const config = procoreConfig.parse({ companyId: String(COMPANY), clientId: 'a', clientSecret: 'b' });

type Job = {
  readonly lines: readonly bigint[];
  readonly changes: readonly bigint[];
  readonly moves: boolean;
  readonly retainage: string;
};

/** A simulated company with one contract, worked without a wire between. */
function worldOf({ lines, changes, moves, retainage }: Job): World {
  const world = new World(simClock(() => Date.UTC(2026, 7, 3)));
  const line = (cents: bigint, id: number) => ({ id, amount: text(cents) });
  const seed = seedSchema.parse({
    company: { id: COMPANY, name: 'Granite' },
    users: [{ id: ANNA, login: 'ann@granite.example', name: 'Ann' }],
    projects: [{ id: PROJECT, name: 'Bridge' }],
    contracts: [
      {
        id: CONTRACT,
        kind: 'work_order_contract',
        project_id: PROJECT,
        retainage_percent: retainage,
        moves_materials: moves,
        line_items: lines.map((cents, index) => line(cents, 100 + index)),
      },
    ],
    change_order_packages: changes.map((cents, index) => ({
      contract_id: CONTRACT,
      status: 'approved',
      line_items: [line(cents, 200 + index)],
    })),
  });
  applySeed(world, seed);
  return world;
}

const text = (cents: bigint): string => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const act = (world: World, wanted: ProcoreAct) => perform(world, actSchema.parse(wanted));

/** The record that the client makes of what the simulator shows, through the JSON that would cross the wire. */
function recordOf(world: World, id: number, change: (shown: Record<string, unknown>) => void = () => {}) {
  const requisition = world.requisitions.get(id);
  if (!requisition) throw new Error(`no application ${id}`);
  const sheet = sheetOf(world, requisition);
  const shown = requisitionView(world, requisition, { view: 'extended', origin: 'http://vendor.invalid' });
  change(shown);
  const rows = requisition.items.map((item) => detailRowView(world, requisition, item, sheet.get(item.id)!));
  const crossed = (value: unknown) => parseJson(JSON.stringify(value));
  return subInvoiceRecord(
    {
      row: parsed(requisitionShow, crossed(shown), 'an application'),
      sheet: parsed(sheetRow.array(), crossed(rows), 'a detail'),
      commitmentLines: new Map(),
      period: null,
    },
    config,
  );
}

const cents = fc.bigInt({ min: 1_000n, max: 99_999_999n });
const jobs: fc.Arbitrary<Job> = fc.record({
  lines: fc.array(cents, { minLength: 1, maxLength: 4 }),
  // Deductive changes stay well below the first line, so that the contract as a whole is above zero.
  changes: fc.array(fc.oneof(cents, fc.bigInt({ min: -100n, max: -1n })), { maxLength: 2 }),
  moves: fc.boolean(),
  retainage: fc.constantFrom('0.0', '5.0', '7.25', '10.0'),
});
/** Percents of work done and of material delivered in each period; together they never reach 100. */
const periods = fc.array(fc.record({ work: fc.nat(1_200), stored: fc.nat(600) }), {
  minLength: 1,
  maxLength: 5,
});

describe('a pay application read from what Procore shows', () => {
  it('agrees with itself and with the one before, whatever was billed', () => {
    fc.assert(
      fc.property(jobs, periods, (job, worked) => {
        const world = worldOf(job);
        const amounts = [
          ...job.lines.map((amount, index) => ({ id: 100 + index, amount })),
          ...job.changes.map((amount, index) => ({ id: 200 + index, amount })),
        ];
        let done = 0;
        let previous = emptySheet('USD');
        for (const { work, stored } of worked) {
          done += work;
          const lines = amounts.map(({ id, amount }) => ({
            line_item_id: id,
            percent_to_date: text(BigInt(done)),
            materials_presently_stored: text((amount * BigInt(stored)) / 10_000n),
          }));
          const made = act(world, { as: ANNA, action: 'submit_application', contract_id: CONTRACT, lines });
          const record = recordOf(world, Number(made.requisition_id));
          const read = readSheet(record);
          if ('unreadable' in read) throw new Error(JSON.stringify(read.unreadable));
          // A percent rounded to the cent may take back a cent that was moved: then E is below zero.
          expect(checkSheet(read.sheet, { overbilling: false, reductions: true })).toEqual([]);
          expect(checkAgainstPrevious(read.sheet, previous, job.moves)).toEqual([]);
          previous = read.sheet;
          done += stored;
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('a pay application in a form that is not known', () => {
  const world = () => {
    const made = worldOf({ lines: [1_000n], changes: [], moves: false, retainage: '10.0' });
    act(made, { as: ANNA, action: 'submit_application', contract_id: CONTRACT, percent_to_date: '50' });
    return made;
  };
  const stopped = (change: (shown: Record<string, unknown>) => void): Stop => {
    const made = world();
    try {
      recordOf(made, [...made.requisitions.keys()][0]!, change);
    } catch (error) {
      return error as Stop;
    }
    throw new Error('nothing stopped it');
  };
  type Shown = { items: Record<string, unknown>[]; [field: string]: unknown };

  it.each([
    ['an item that its detail lacks', (shown: Shown) => Object.assign(shown.items[0]!, { id: 5 }), /no row/],
    [
      'an item of another kind',
      (shown: Shown) => Object.assign(shown.items[0]!, { item_type: 'x' }),
      /no row|kind/,
    ],
    ['another commitment', (shown: Shown) => Object.assign(shown, { commitment_type: 'Lease' }), /Lease/],
    [
      'an amount that is none',
      (shown: Shown) => Object.assign(shown.items[0]!, { scheduled_value: '1,000' }),
      /C of contract_item/,
    ],
    ['no items', (shown: Shown) => Object.assign(shown, { items: undefined }), /items/],
  ])('is stopped at and named: %s', (_what, change, words) => {
    const stop = stopped((shown) => {
      change(shown as Shown);
    });
    expect([stop.kind, stop.message]).toEqual(['bug', expect.stringMatching(words)]);
  });

  it('takes numbers for text and leaves out what is not there', () => {
    const made = world();
    const id = [...made.requisitions.keys()][0]!;
    const record: SubInvoiceRecord = recordOf(made, id, (shown) => {
      const [item] = (shown as Shown).items;
      Object.assign(item!, { scheduled_value: 10, materials_presently_stored: undefined, position: null });
      Object.assign(shown, { attachments: null, final: null, billing_date: 'soon', invoice_number: '' });
    });
    expect(record.lines[0]).toMatchObject({ scheduled: '10.00', stored: '0.00', position: 1 });
    expect(record).toMatchObject({ final: false, billingDate: null, invoiceNumber: null, attachments: [] });
  });
});
