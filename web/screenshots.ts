import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/browser/chromium.ts';
import { openDemoHouse } from '../test/browser/demo-house.ts';

const USAGE = 'usage: node web/screenshots.ts [BASE_URL SIGN_IN_LINK] [--to FOLDER]';
const FOLDER = 'docs/pictures';
// Enough in the ERP and one approval open: below that the pages look like an empty company.
const WANTED_CONFIRMED = 60;
// A machine that is busy with other things takes its time.
const FLOW_MS = 600_000;
const LOOK_AGAIN_MS = 1_000;
const EVERY_MS = 1_500;

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844 };

type Shot = { name: string; address: string } & Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>;
type Policy = {
  approvals: { kind: string; threshold: string }[];
  newRecords: Record<string, string | null>;
};
type Rows = { rows: { id: string; kind: string; number?: string; amount: string | null }[] };
type Figures = { states: { state: string; count: number }[] };
type Bridges = { projects: { project: { id: string }; items: unknown[] }[] };

process.exitCode = await main(process.argv.slice(2));

/** Takes the pictures of the README: of the service named, or of a demo of its own. */
async function main(words: string[]): Promise<number> {
  const at = words.indexOf('--to');
  const folder = resolve(at < 0 ? FOLDER : (words[at + 1] ?? FOLDER));
  const [baseURL, link] = at < 0 ? words : words.toSpliced(at, 2);
  const executable = findChromium();
  if (executable === undefined || (baseURL !== undefined && link === undefined)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const house = baseURL ? null : await openDemoHouse({ maxDocuments: 200, everyMs: EVERY_MS, say });
  const browser = await launchChromium(executable);
  try {
    const url = house?.url ?? baseURL ?? '';
    const door = link ?? `${url}/sign-in?token=${await house?.demo.token('controller')}`;
    await mkdir(folder, { recursive: true });
    if (house) await proposeChange(browser, url, await house.demo.token('accountant'));
    await takePictures(browser, { url, door, folder, say });
    return 0;
  } finally {
    await browser.close();
    await house?.stop();
  }
}

/** Leaves a change of the policy to be decided: a page without one tells half of what it is for. */
async function proposeChange(browser: Browser, url: string, token: string): Promise<void> {
  const { request, close } = await asPerson(browser, url, token);
  const { policy, version: base } = await read<{ policy: Policy; version: number }>({ request }, '/policy');
  const approvals = policy.approvals.map((rule) =>
    rule.kind === 'budget' ? { ...rule, threshold: '25000.00' } : rule,
  );
  const newRecords = { ...policy.newRecords, 'cost-code': 'accountant' };
  const data = { policy: { ...policy, approvals, newRecords }, base, reason: 'As the board decided' };
  const answer = await request.post('/api/v1/policy/proposals', { headers: ours(), data });
  if (!answer.ok()) throw new Error(`the change was not proposed: ${await answer.text()}`);
  await close();
}

async function asPerson(browser: Browser, url: string, token: string) {
  const context = await browser.newContext({ baseURL: url });
  await context.request.post('/api/v1/sign-in/link', { headers: ours(), data: { token } });
  return { request: context.request, close: () => context.close() };
}

function ours() {
  return { 'x-tiebeam-request': '1', 'idempotency-key': crypto.randomUUID() };
}

interface Sitting {
  url: string;
  door: string;
  folder: string;
  say: (text: string) => void;
}

/** Signs in once by the link, waits for the house to be at work, then takes every picture. */
async function takePictures(browser: Browser, { url, door, folder, say }: Sitting): Promise<void> {
  const entrance = await browser.newContext({ baseURL: url, locale: 'en-US' });
  const page = await entrance.newPage();
  await page.goto(door);
  await page.getByRole('button', { name: 'Continue without' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await untilAtWork(page);
  await page.request.post('/api/v1/tie-out/refresh', {
    headers: ours(),
    data: {},
  });
  await page.request.put('/api/v1/mail', {
    headers: ours(),
    data: { waits: 'at-once', ordered: 'daily', hour: 12 },
  });
  const storageState = await entrance.storageState();
  for (const { name, address, ...look } of await listShots(page)) {
    const context = await browser.newContext({ baseURL: url, storageState, locale: 'en-US', ...look });
    const seat = await context.newPage();
    await seat.goto(address);
    await seat.getByRole('heading', { level: 1 }).waitFor();
    await seat.waitForLoadState('networkidle');
    await seat.locator('.bones').first().waitFor({ state: 'detached' });
    await seat.screenshot({ path: `${folder}/${name}.png` });
    say(`${folder}/${name}.png`);
    await context.close();
  }
}

async function untilAtWork(page: Page): Promise<void> {
  const until = Date.now() + FLOW_MS;
  while (Date.now() < until) {
    const { states } = await read<Figures>(page, '/overview');
    const count = (wanted: string) => states.find(({ state }) => state === wanted)?.count ?? 0;
    if (count('confirmed') >= WANTED_CONFIRMED && count('awaiting-approval') > 0) return;
    await wait(LOOK_AGAIN_MS);
  }
  throw new Error(`fewer than ${WANTED_CONFIRMED} documents were confirmed within ${FLOW_MS / 1000} s`);
}

/** The pages of the README, with what tells the most: a confirmed change, an approval, a bridge of two signs. */
async function listShots(page: Page): Promise<Shot[]> {
  const { rows: confirmed } = await read<Rows>(page, '/documents?state=confirmed&limit=100');
  const { rows: open } = await read<Rows>(page, '/review?state=open');
  const { projects } = await read<Bridges>(page, '/tie-out');
  const approval = open.find(({ kind }) => kind === 'approval') ?? open[0];
  const [bridge] = projects.toSorted((left, right) => right.items.length - left.items.length);
  const day = { viewport: wide, colorScheme: 'light' } as const;
  const review = approval ? `/review?item=${approval.id}` : '/review';
  return [
    { name: 'overview', address: '/', ...day },
    { name: 'overview-dark', address: '/', viewport: wide, colorScheme: 'dark' },
    { name: 'documents', address: '/documents', ...day },
    { name: 'document', address: `/documents/${confirmed[0]?.id ?? ''}`, ...day },
    { name: 'review', address: review, ...day },
    { name: 'review-390', address: review, viewport: narrow, colorScheme: 'light' },
    { name: 'connections', address: '/connections?open=procore', ...day },
    { name: 'policy', address: '/policy', ...day },
    { name: 'mail', address: '/mail', ...day },
    { name: 'tie-out', address: bridge ? `/tie-out?project=${bridge.project.id}` : '/tie-out', ...day },
  ];
}

async function read<T>(page: Pick<Page, 'request'>, path: string): Promise<T> {
  const answer = await page.request.get(`/api/v1${path}`);
  if (!answer.ok()) throw new Error(`GET ${path} answered ${answer.status()}`);
  return (await answer.json()) as T;
}
