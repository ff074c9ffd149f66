import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/browser/chromium.ts';

const USAGE = 'usage: node web/screenshots.ts BASE_URL SIGN_IN_LINK [FOLDER=docs/pictures]';

const looks = [
  { name: 'light-1280', viewport: { width: 1280, height: 800 }, colorScheme: 'light' as const },
  { name: 'dark-1280', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const },
  { name: 'light-390', viewport: { width: 390, height: 844 }, colorScheme: 'light' as const },
  { name: 'dark-390', viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const },
];

interface Shot {
  name: string;
  address: string;
}

const [baseURL, link, folder = 'docs/pictures'] = process.argv.slice(2);
const executable = findChromium();
if (!baseURL || !link || !executable) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const browser = await launchChromium(executable);
try {
  await takePictures(browser, baseURL, link, resolve(folder));
} finally {
  await browser.close();
}

/** Signs in once by the link, then takes every page in every look. */
async function takePictures(browser: Browser, baseURL: string, link: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const door = await browser.newContext({ baseURL, locale: 'en-US' });
  const page = await door.newPage();
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue without' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const session = await door.storageState();
  const shots = await listShots(page);
  for (const { name, ...look } of looks) {
    const context = await browser.newContext({ baseURL, storageState: session, locale: 'en-US', ...look });
    const sitting = await context.newPage();
    for (const shot of shots) {
      await sitting.goto(shot.address);
      await sitting.waitForLoadState('networkidle');
      await sitting.screenshot({ path: `${folder}/${shot.name}-${name}.png` });
      process.stdout.write(`${folder}/${shot.name}-${name}.png\n`);
    }
    await context.close();
  }
}

/** The pages of the README, with the first document, question and project the service has. */
async function listShots(page: Page): Promise<Shot[]> {
  const first = async (path: string, list: string) => {
    const answer = await page.request.get(`/api/v1${path}`);
    const body = (await answer.json()) as Record<
      string,
      ({ id?: string; project?: { id: string } } | undefined)[]
    >;
    return body[list]?.[0];
  };
  const document =
    (await first('/documents?state=awaiting-approval&limit=1', 'rows')) ??
    (await first('/documents?limit=1', 'rows'));
  const question = await first('/review?state=open', 'rows');
  const project = await first('/tie-out', 'projects');
  return [
    { name: 'overview', address: '/' },
    { name: 'documents', address: '/documents' },
    ...(document?.id ? [{ name: 'document', address: `/documents/${document.id}` }] : []),
    { name: 'review', address: question?.id ? `/review?item=${question.id}` : '/review' },
    { name: 'tie-out', address: project?.project ? `/tie-out?project=${project.project.id}` : '/tie-out' },
    { name: 'audit', address: '/audit' },
  ];
}
