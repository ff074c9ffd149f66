import { expect, it } from 'vitest';
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

    it('says that a used link leads nowhere', async () => {
      const { page } = stage.app;
      await page.goto('/sign-in?token=used');
      await page.getByRole('button', { name: 'Continue without' }).click();
      await page.getByRole('alert').getByText('This link was used already').waitFor();
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
