import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { stubLogin } from './stub-api.ts';

export const wide = { width: 1280, height: 800 };
export const narrow = { width: 390, height: 844 };

export interface AppPage {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about: errors of scripts, of the CSP, of the network. */
  complaints: string[];
}

interface AppPageOptions {
  /** The stub by default, or a running service. */
  baseURL: string;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

/** A fresh browser profile at the app, not signed in. */
export async function openAppPage(browser: Browser, options: AppPageOptions): Promise<AppPage> {
  const context = await browser.newContext({ viewport: wide, locale: 'en-US', ...options });
  await context.addInitScript(COUNT_SHIFTS);
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser notes every 401 and 503 by itself; the app's answer to them is what the tests look at.
    const isStatus = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isStatus) complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** Signs the stub's person in by the API, for stories that are not about signing in. */
export async function signInByApi({ context }: AppPage, baseURL: string): Promise<void> {
  const answer = await context.request.post(`${baseURL}/api/v1/sign-in`, { data: stubLogin });
  expect(answer.status()).toBe(200);
}

/** Nothing serious or critical by axe, in the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(runAxe('{}'));
  expect(found).toEqual([]);
}

/** Enough contrast, in a page that axe has looked at already: other colours change nothing else. */
export async function expectReadable(page: Page): Promise<void> {
  const found = await page.evaluate(runAxe("{ runOnly: ['color-contrast'] }"));
  expect(found).toEqual([]);
}

/** The page never scrolls sideways; a table may, in its own box. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

/** How much the page jumped while it loaded (Cumulative Layout Shift, no single burst windowing). */
export async function layoutShift(page: Page): Promise<number> {
  return (await page.evaluate('window.__shift')) as number;
}

const COUNT_SHIFTS = `
  window.__shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

const runAxe = (
  options: string,
) => `axe.run(document, { resultTypes: ['violations'], ...${options} }).then(({ violations }) =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + ' ' +
      (node.any[0]?.message ?? '')).join(' | ')))`;
