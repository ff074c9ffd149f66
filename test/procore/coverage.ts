import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReadAnew } from '../../src/engine/requests/refresh.ts';
import { isCarried } from '../../src/engine/requests/take-request.ts';
import { ERP_EVENTS, type EventAct } from '../../src/procore/erp-tool/erp-events.ts';
import { OBJECTS } from './coverage-objects.ts';

/** What happens to an event: its record is carried, its list is read, it is worked and answered, or declined in words. */
export type Does = 'carried' | 'read anew' | 'answered' | 'declined';

export type EventCoverage = {
  readonly event: string;
  readonly object: string;
  readonly wants: EventAct;
  readonly does: Does;
  readonly test: string;
};

export const EVERY_EVENT = 'test/scenarios/every-event.test.ts';

export function doesOf(name: string): Does {
  const { act, object } = ERP_EVENTS[name]!;
  if (act === 'export') return isCarried(object) ? 'carried' : 'declined';
  if (act === 'refresh') return isReadAnew(object) ? 'read anew' : 'declined';
  return 'answered';
}

export function eventCoverage(): EventCoverage[] {
  return Object.entries(ERP_EVENTS).map(([event, { act, object }]) => ({
    event,
    object,
    wants: act,
    does: doesOf(event),
    test: `${EVERY_EVENT} › ${event}`,
  }));
}

export const PAGE = join(import.meta.dirname, '../../docs/procore-coverage.md');

const LEDGERLINE = 'Ledgerline; SAP Business One has no place for it';
const WITH: Readonly<Record<string, string>> = {
  'standard-cost-code': LEDGERLINE,
  'cost-code': LEDGERLINE,
  'cost-type': LEDGERLINE,
  'sub-job': LEDGERLINE,
  budget: LEDGERLINE,
  'prime-contract': LEDGERLINE,
  'prime-change-order': LEDGERLINE,
  'contract-payment': 'both, by the setting `payments`',
};
const ORDERS_READ = 'SAP Business One and Ledgerline, by the setting `ordersFromErp`';

/** Which ERPs have a place for it; a notice or an unlink needs none. */
function withWhom(object: string, does: Does): string {
  if (does !== 'carried' && does !== 'read anew') return '';
  if (does === 'read anew' && (object === 'commitment' || object === 'change-order')) return ORDERS_READ;
  return WITH[object] ?? 'both';
}

export function coveragePage(): string {
  const events = eventCoverage();
  const count = (does: Does) => events.filter((each) => each.does === does).length;
  return `# What of Procore is covered

Written by \`node test/procore/print-coverage.ts --write\`; \`npm run coverage:procore\` prints it (\`-- --json\` for programs). A
test holds that every named test exists and that this page is what the code says.

## Events of the ERP Integrations tool

The dictionary has 51 events, one of which goes by two names: ${events.length} names. Every one is read and kept. Whoever waits for
an answer gets one and only one: at once, or when what was exported stands in the ERP; until then it waits in front of
somebody, with a reason. **${count('carried')} are carried** to the ERP, **${count('read anew')} read a list anew**, **${count('answered')} are worked and answered** (unlinks, resets, notices,
settings), and **${count('declined')} are declined** whatever the ERP. What the connected ERP has no place for is declined in words:
answered "failed", with nothing changed. Each is raised by acts of people in Procore, and compared with what the ERP was
written, in \`${EVERY_EVENT}\`.

| event | about | wants | what is done | with |
|---|---|---|---|---|
${events.map(({ event, object, wants, does }) => `| \`${event}\` | ${object} | ${wants} | ${does} | ${withWhom(object, does)} |`).join('\n')}

## Objects

| object | to the ERP | from the ERP | how changes are noticed | shown by |
|---|---|---|---|---|
${OBJECTS.map(({ object, to, from, noticed, tests }) => `| ${object} | ${to} | ${from} | ${noticed} | ${tests.map(([file, title]) => `\`${file}\`: ${title}`).join('<br>') || '-'} |`).join('\n')}
`;
}

/** Named tests that are not there, so that a table cannot promise what nobody shows. */
export async function missingTests(): Promise<string[]> {
  const missing: string[] = [];
  for (const { object, tests } of OBJECTS)
    for (const [file, title] of tests) {
      const text = await readFile(join(import.meta.dirname, '../..', file), 'utf8').catch(() => '');
      if (!text.includes(title)) missing.push(`${object}: ${file} has no test "${title}"`);
    }
  return missing;
}
