import { expect, it } from 'vitest';
import { signInByApi } from './app-page.ts';
import { stubLogin, stubToken } from './stub-api.ts';
import { browserSuite } from './stub-suite.ts';

browserSuite(
  'signing in',
  (stage) => {
    it('asks a stranger to sign in and then goes on to the page that was wanted', async () => {
      const { page } = stage.app;
      await page.goto('/documents?state=refused');
      await page.getByLabel('E-mail').fill(stubLogin.email);
      await page.getByLabel('Password', { exact: true }).fill(stubLogin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Documents' }).waitFor();
      expect(new URL(page.url()).search).toBe('?state=refused');
    });

    it('says that e-mail and password do not belong together', async () => {
      const { page } = stage.app;
      await page.goto('/sign-in');
      await page.getByLabel('E-mail').fill(stubLogin.email);
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('E-mail and password do not belong together.').waitFor();
    });

    it('takes a one-time link, with or without a password, and drops the token from the address', async () => {
      const { page } = stage.app;
      await page.goto(`/sign-in?token=${stubToken}`);
      await page.getByLabel('New password', { exact: true }).fill('too short');
      const withPassword = page.getByRole('button', { name: 'Set password and continue' });
      expect(await withPassword.isDisabled()).toBe(true);
      await page.getByText('6 more characters needed').waitFor();
      await page.getByRole('button', { name: 'Continue without' }).click();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      expect(page.url()).not.toContain(stubToken);
    });

    it('says what to do when a link was used, and leads to the password', async () => {
      const { page } = stage.app;
      await page.goto('/sign-in?token=used');
      await page.getByRole('button', { name: 'Continue without' }).click();
      await page.getByRole('alert').getByText('This link was used already').waitFor();
      await page.getByText('ask whoever runs Tiebeam for a new link').waitFor();
      expect(await page.getByRole('button', { name: /^Go on as/ }).count()).toBe(0);
      await page.getByRole('link', { name: 'Sign in with a password' }).click();
      await page.getByLabel('E-mail').waitFor();
    });

    it('lets somebody go on who is signed in already and opens the used link again', async () => {
      const { page } = stage.app;
      await signInByApi(stage.app, stage.stub.url);
      await page.goto('/sign-in?token=used');
      await page.getByRole('button', { name: 'Continue without' }).click();
      await page.getByRole('button', { name: 'Go on as Lee Okafor' }).click();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    });

    it('never sends anybody to another site after the sign-in', async () => {
      const { page } = stage.app;
      await page.goto('/sign-in?next=//evil.example/');
      await page.getByLabel('E-mail').fill(stubLogin.email);
      await page.getByLabel('Password', { exact: true }).fill(stubLogin.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      expect(new URL(page.url()).origin).toBe(stage.stub.url);
    });
  },
  { signedIn: false },
);
