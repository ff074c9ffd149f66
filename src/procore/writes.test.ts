import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ANNA,
  COMPANY,
  type Company,
  FOREIGN_VENDOR,
  LINES,
  ORDER,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../../test/procore/company.ts';
import type { Operation, RequestClosing } from '../domain/documents.ts';
import type { Outcome } from '../domain/posting/outcomes.ts';
import type { ProbeResult, Write } from '../domain/posting/writes.ts';
import { committedIntent } from '../lib/door.ts';
import { procorePreflight } from './erp-tool/constraints.ts';
import { procoreSettle } from './settle.ts';

let company: Company;
beforeEach(async () => {
  company = await startCompany();
});
afterEach(() => company.stop());

const context = { earlierIds: {} };
const probe = (write: Write) => write.probe(company.hub.read, context);
const standing = async (write: Write) => {
  const result: ProbeResult = await probe(write);
  return result.kind === 'standing' ? result.standing : result.kind;
};

async function send(write: Write): Promise<Outcome> {
  const sent = await company.hub.send(committedIntent('p', 1), write.encode(context));
  return sent.kind === 'answered' ? write.classify(sent.response) : sent;
}

type State = {
  contracts: {
    id: number;
    origin_id: string | null;
    origin_code: string | null;
    erp_status: string;
    line_items: { id: number; origin_id: string | null }[];
  }[];
  vendors: { id: number; origin_id: string | null; origin_code: string | null }[];
  erp_request_details: { id: number; status: string; messages: string[]; times_written: number }[];
  write_log: { path: string; status: number }[];
};
const state = async () => (await company.sim('GET', 'state')) as State;

const link = (vendorId: number, originId = 'V10000'): Operation => ({
  kind: 'link-vendor',
  body: {
    kind: 'vendor-link',
    vendorId: String(vendorId),
    vendorName: 'Steel & Sons',
    originId,
    originCode: originId,
  },
});

const confirm = (more: Partial<Extract<Operation, { kind: 'confirm-order' }>> = {}): Operation => ({
  kind: 'confirm-order',
  commitmentId: String(SUBCONTRACT),
  commitmentType: 'subcontract',
  originId: 'SBO/22/17',
  originCode: '17',
  lines: { [LINES[0]]: '0', [LINES[1]]: '1' },
  closing: null,
  ...more,
});

/** Exports the subcontract as Procore's people do and gives the open request detail. */
async function exported(): Promise<RequestClosing> {
  await company.act({ as: ANNA, action: 'send_to_erp', contract_ids: [SUBCONTRACT] });
  const made = await company.act({ as: ANNA, action: 'approve_export', contract_ids: [SUBCONTRACT] });
  const [detail] = made.request_detail_ids as readonly number[];
  return { requestDetailId: String(detail), itemId: String(SUBCONTRACT), status: 'success', messages: [] };
}

describe('linking a vendor', () => {
  it('shows the code of the ERP in Procore, and knows it afterwards', async () => {
    const [write] = company.hub.writes(link(VENDOR));
    expect(await standing(write!)).toBe('at-base');
    expect(await send(write!)).toEqual({ kind: 'posted', id: String(VENDOR) });
    expect(await standing(write!)).toBe('at-target');
    expect((await state()).vendors.find(({ id }) => id === VENDOR)).toMatchObject({
      origin_id: 'V10000',
      origin_code: 'V10000',
    });
  });

  it('never overwrites what another integration wrote', async () => {
    const [write] = company.hub.writes(link(FOREIGN_VENDOR));
    expect(await probe(write!)).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('SAGE-77'),
    });
  });

  it('of a vendor that is not there ends with a person', async () => {
    const [write] = company.hub.writes(link(4711));
    expect(await probe(write!)).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('4711'),
    });
  });

  it('with a code that another vendor has is refused, although Procore answers 200', async () => {
    const [write] = company.hub.writes(link(VENDOR, 'SAGE-77'));
    expect(await send(write!)).toMatchObject({ kind: 'refused', errors: [{ field: 'origin_id' }] });
  });

  it('is found by the probe after a lost reply', async () => {
    await company.faults([{ kind: 'lost-reply', times: 1, match: { path_regex: 'vendors/sync' } }]);
    const [write] = company.hub.writes(link(VENDOR));
    expect((await send(write!)).kind).toBe('unknown');
    expect(await standing(write!)).toBe('at-target');
  });
});

describe('confirming an order', () => {
  it('marks header and lines, then closes the request, each once', async () => {
    const writes = company.hub.writes(confirm({ closing: await exported() }));
    expect(writes.map(({ name }) => name)).toEqual(['mark-synced', 'close-request-detail']);
    for (const write of writes) {
      expect(await standing(write)).toBe('at-base');
      expect((await send(write)).kind).toBe('posted');
      expect(await standing(write)).toBe('at-target');
    }
    const truth = await state();
    const contract = truth.contracts.find(({ id }) => id === SUBCONTRACT)!;
    expect(contract).toMatchObject({ origin_id: 'SBO/22/17', origin_code: '17', erp_status: 'synced' });
    expect(contract.line_items.map((line) => line.origin_id)).toEqual(['SBO/22/17/0', 'SBO/22/17/1']);
    expect(truth.erp_request_details).toMatchObject([{ status: 'success', times_written: 1 }]);
    expect(truth.write_log.filter(({ path }) => path.includes('/external_data')).length).toBe(1);
  });

  it.each([undefined, String(PROJECT)])(
    'sees a half-marked commitment as ours to finish (project %s)',
    async (projectId) => {
      const more = projectId === undefined ? {} : { projectId };
      const [line] = company.hub.writes(confirm({ ...more, lines: { [LINES[0]]: '0' } }));
      await send(line!);
      const [write] = company.hub.writes(confirm(more));
      expect(await standing(write!)).toBe('at-base');
      await send(write!);
      expect(await standing(write!)).toBe('at-target');
    },
  );

  it.each([undefined, String(PROJECT)])(
    'leaves a foreign origin id on header or line alone (project %s)',
    async (projectId) => {
      const more = projectId === undefined ? {} : { projectId };
      const [foreign] = company.hub.writes(confirm({ originId: 'OTHER', lines: { [LINES[1]]: '9' } }));
      await send(foreign!);
      const [write] = company.hub.writes(confirm(more));
      expect(await probe(write!)).toMatchObject({
        standing: 'elsewhere',
        difference: expect.stringContaining('OTHER'),
      });
    },
  );

  it('tells a line that was deleted since', async () => {
    const [write] = company.hub.writes(confirm({ projectId: String(PROJECT), lines: { '99': '0' } }));
    expect(await probe(write!)).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('deleted'),
    });
  });

  it('reports the rows that Procore refuses inside its 200', async () => {
    const [write] = company.hub.writes(confirm({ lines: { '99': '0' } }));
    expect(await send(write!)).toMatchObject({
      kind: 'refused',
      errors: [{ field: 'item_id', message: expect.stringContaining('line_item 99') }],
    });
  });

  it('marks a purchase order under its own item type', async () => {
    const [write] = company.hub.writes(
      confirm({ commitmentId: String(ORDER), commitmentType: 'purchase-order', lines: {} }),
    );
    expect((await send(write!)).kind).toBe('posted');
    expect((await state()).contracts.find(({ id }) => id === ORDER)?.origin_id).toBe('SBO/22/17');
  });

  it('splits what is longer than the 1,000 rows a call takes, the header last', () => {
    const lines = Object.fromEntries(
      Array.from({ length: 2_400 }, (_, index) => [String(index + 1), String(index)]),
    );
    const writes = company.hub.writes(confirm({ lines }));
    expect(writes.map(({ name }) => name)).toEqual(['mark-synced-1', 'mark-synced-2', 'mark-synced-3']);
    const sizes = writes.map((write) => JSON.parse(write.encode(context).body!).updates.length);
    expect(sizes).toEqual([1_000, 1_000, 401]);
    expect(JSON.parse(writes[2]!.encode(context).body!).updates.at(-1).item_type).toBe('work_order_contract');
  });

  it('gives the same bytes and the same reference on every retry, and another for another target', () => {
    const [a] = company.hub.writes(confirm());
    const [b] = company.hub.writes(confirm());
    const [c] = company.hub.writes(confirm({ originId: 'SBO/22/18' }));
    expect(b!.encode(context)).toEqual(a!.encode(context));
    expect(b!.reference).toBe(a!.reference);
    expect(c!.reference).not.toBe(a!.reference);
  });
});

describe('closing a request', () => {
  it('as failed shows the messages to the person who sent it', async () => {
    const closing: RequestClosing = {
      ...(await exported()),
      status: 'failed',
      messages: ['The vendor is not linked.'],
    };
    const [write] = company.hub.writes({ kind: 'close-request', closing });
    expect(await send(write!)).toMatchObject({ kind: 'posted' });
    expect((await state()).erp_request_details).toMatchObject([
      { status: 'failed', messages: closing.messages },
    ]);
    expect(await standing(write!)).toBe('at-target');
  });

  it('that somebody closed otherwise is left alone', async () => {
    const closing = await exported();
    const [failed] = company.hub.writes({ kind: 'close-request', closing: { ...closing, status: 'failed' } });
    await send(failed!);
    const [write] = company.hub.writes({ kind: 'close-request', closing });
    expect(await probe(write!)).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('failed'),
    });
    expect(await send(write!)).toMatchObject({ kind: 'refused' });
  });

  it('is found among all details when the request has no item', async () => {
    const closing = { ...(await exported()), itemId: '' };
    const [write] = company.hub.writes({ kind: 'close-request', closing });
    expect(await standing(write!)).toBe('at-base');
  });

  it('of a detail that is not there ends with a person', async () => {
    const closing = { ...(await exported()), requestDetailId: '1' };
    const [write] = company.hub.writes({ kind: 'close-request', closing });
    expect(await standing(write!)).toBe('elsewhere');
  });
});

describe('the outcome of an answer', () => {
  const outcome = (status: number, body: string, headers: Record<string, string> = {}) =>
    company.hub.writes(link(VENDOR))[0]!.classify({ status, headers, body });

  it.each([400, 403, 404, 405, 406, 409, 413, 415, 422])('%i is a documented refusal', (status) => {
    expect(outcome(status, '{"errors":["no"]}').kind).toBe('refused');
  });

  it.each([408, 500, 502, 503, 504, 301])('%i proves nothing', (status) => {
    expect(outcome(status, '{}').kind).toBe('unknown');
  });

  it('429 precedes execution and says when to come back', () => {
    expect(outcome(429, '', { 'retry-after': '4' })).toMatchObject({ kind: 'not-sent', retryAfterMs: 4_000 });
  });

  it('401 precedes execution', () => {
    expect(outcome(401, '').kind).toBe('not-sent');
  });

  it.each(['', '<html>', '{"entities":[{"id":1}', '{}', '{"entities":[],"errors":[]}'])(
    '200 with %s proves nothing',
    (body) => {
      expect(outcome(200, body).kind).toBe('unknown');
    },
  );
});

describe('Procore as a target', () => {
  it('has a settle rule for the object of every write', async () => {
    const table = procoreSettle(company.config);
    const operations = [link(VENDOR), confirm({ closing: await exported() })];
    for (const write of operations.flatMap((operation) => company.hub.writes(operation)))
      expect(table[write.object]).toBeDefined();
    expect(table['vendor-link']?.requestLifeMs).toBeNull();
  });

  it('refuses operations that belong to an ERP', () => {
    expect(() => company.hub.writes({ kind: 'prepare-target' })).toThrow(/not a target/);
  });

  it('knows before sending what Procore would refuse', () => {
    expect(procorePreflight(link(VENDOR, ''))).toMatchObject([{ field: 'origin_id' }]);
    expect(procorePreflight(confirm({ originCode: 'x'.repeat(256) }))).toMatchObject([
      { field: 'origin_code' },
    ]);
    expect(procorePreflight(confirm())).toEqual([]);
  });

  it('names the company in the body of a vendor sync as a number', () => {
    const body = company.hub.writes(link(VENDOR))[0]!.encode(context).body!;
    expect(body).toContain(`"company_id":${COMPANY}`);
    expect(body).toContain(`"id":${VENDOR}`);
  });
});
