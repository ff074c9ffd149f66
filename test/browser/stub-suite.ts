import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { type AppPage, openAppPage, signInByApi } from './app-page.ts';
import { buildWeb } from './built-web.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { type StubApi, startStubApi } from './stub-api.ts';

export interface Stage {
  browser: Browser;
  stub: StubApi;
  app: AppPage;
}

interface SuiteOptions {
  documentCount?: number;
  signedIn?: boolean;
}

/** A suite in a real browser against a fresh stub per test. Whatever the browser complains about fails it. */
export function browserSuite(
  name: string,
  stories: (stage: Stage) => void,
  options: SuiteOptions = {},
): void {
  const executable = findChromium();
  if (!executable) {
    describe.skip(name);
    return;
  }
  describe(name, () => {
    const stage = {} as Stage;
    let webRoot: string;
    beforeAll(async () => {
      webRoot = await buildWeb();
      stage.browser = await launchChromium(executable);
    }, 120_000);
    afterAll(async () => {
      await stage.browser?.close();
    });
    beforeEach(async () => {
      stage.stub = await startStubApi(webRoot, options.documentCount);
      stage.app = await openAppPage(stage.browser, { baseURL: stage.stub.url });
      if (options.signedIn !== false) await signInByApi(stage.app, stage.stub.url);
    });
    afterEach(async () => {
      const { complaints, context } = stage.app;
      await context.close();
      await stage.stub.close();
      expect(complaints).toEqual([]);
    });
    stories(stage);
  });
}
