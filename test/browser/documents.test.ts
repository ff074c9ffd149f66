import { expect, it } from 'vitest';
import { browserSuite } from './stub-suite.ts';

browserSuite(
  'documents',
  (stage) => {
    it('keeps the saved view and the search in the address, and Back undoes them', async () => {
      const { page } = stage.app;
      await page.goto('/documents');
      await page.getByRole('button', { name: 'Refused or conflict' }).click();
      await page.getByRole('status').getByText('2 documents').waitFor();
      expect(new URL(page.url()).search).toBe('?state=refused,conflict');
      await page.goBack();
      await page.getByText('320 documents').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('tidewater');
      await page.getByText('1 document', { exact: true }).waitFor();
      expect(new URL(page.url()).search).toBe('?q=tidewater');
    });

    it('names the ERP company of a document where there are several', async () => {
      const { page } = stage.app;
      for (const { target } of stage.stub.world.documents) target.company = 'Cascade East books';
      await page.goto('/documents?q=SC-2401-007');
      await page.getByRole('row', { name: /Riverside Elementary School · Cascade East books/ }).waitFor();
      await page.getByRole('link', { name: 'SC-2401-007' }).click();
      await page.locator('dl.answers').getByText('Cascade East books').waitFor();
    });

    it('opens a row by keyboard and comes back to the list', async () => {
      const { page } = stage.app;
      await page.goto('/documents');
      await page.getByRole('link', { name: 'SC-2401-007' }).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /SC-2401-009/ }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'SC-2401-007' }).waitFor();
    });

    it('says in the list that a payment is held, and on the page what holds it and what ends that', async () => {
      const { page } = stage.app;
      await page.goto('/documents?q=AE-2503-02');
      await page.getByText(', held').waitFor();
      await page.getByRole('link', { name: 'AE-2503-02' }).click();
      const held = page.getByRole('region', { name: 'Payment held' });
      const cause = held.getByRole('listitem').filter({ hasText: 'expired on 2026-07-31' });
      await cause.getByText('Enter the certificate').waitFor();
      expect(await page.getByRole('region', { name: 'Why it stands here' }).count()).toBe(0);
    });

    it('holds only the rows in sight once there are more than 200', async () => {
      const { page } = stage.app;
      await page.goto('/documents');
      const table = page.getByRole('region', { name: 'Documents' });
      await table.getByRole('link', { name: 'SC-2401-007' }).waitFor();
      for (const loaded of ['200 of 320 loaded', undefined]) {
        await page.getByRole('button', { name: 'Load more' }).click();
        if (loaded) await page.getByText(loaded).waitFor();
      }
      await expect.poll(() => page.getByRole('button', { name: 'Load more' }).count()).toBeLessThanOrEqual(1);
      await expect.poll(() => table.getByRole('row').count(), { timeout: 10_000 }).toBeLessThan(80);
      expect((await table.locator('tr[aria-rowindex="3"]').boundingBox())?.height).toBe(32);
      await table.evaluate((box) => box.scrollTo(0, 1e7));
      await page.getByText('of 320 loaded').waitFor({ state: 'hidden' });
      await table.evaluate((box) => box.scrollTo(0, 1e7));
      await table.locator('tr[aria-rowindex="321"]').waitFor();
      expect(await table.getByRole('row').count()).toBeLessThan(80);
    });

    it('answers what it is, where it is, what it waits for and what can be done', async () => {
      const { page } = stage.app;
      await page.goto('/documents?q=SC-2401-009');
      await page.getByRole('link', { name: 'SC-2401-009' }).click();
      const answer = (question: string) => page.locator('dl.answers > div', { hasText: question });
      await answer('What is it').getByText('215,210.10').waitFor();
      await answer('Where is it').getByText('not there yet').waitFor();
      await answer('What does it wait for').getByText('has no ERP account').waitFor();
      await answer('What can I do')
        .getByRole('link', { name: 'Decide in review' })
        .or(answer('What can I do').getByRole('button', { name: 'Withdraw' }))
        .first()
        .waitFor();
    });

    it('shows what the project knows around a document, what names it first', async () => {
      const { page } = stage.app;
      const { id } = stage.stub.world.documents.find(({ number }) => number === 'SC-2401-009')!;
      stage.stub.world.known.set(id, [
        {
          object: 'rfi',
          id: '7',
          number: 'RFI-7',
          title: 'Anchor bolts',
          status: 'open',
          facts: [{ name: 'due', value: '2026-08-01' }],
          named: true,
          seenAt: new Date().toISOString(),
        },
      ]);
      await page.goto(`/documents/${id}`);
      const known = page.getByRole('region', { name: 'What the project knows' }).first();
      const row = known.getByRole('row', { name: /RFI RFI-7 Names this Anchor bolts open/ });
      await row.getByText('due: 2026-08-01').waitFor();
    });

    it('misses lines only where a document waits for them: a vendor has none', async () => {
      const { page } = stage.app;
      const shown = stage.stub.world.documents[0]!;
      shown.lines = [];
      await page.goto(`/documents/${shown.id}`);
      await page.getByRole('region', { name: 'Both sides', exact: true }).waitFor();
      expect(await page.getByRole('region', { name: 'Lines', exact: true }).count()).toBe(0);
      shown.reasons = [{ code: 'no-lines', message: 'It has no lines.', owner: 'project-manager' }];
      await page.reload();
      await page
        .getByRole('region', { name: 'Lines', exact: true })
        .getByText('Without lines it is never posted.')
        .waitFor();
    });

    it('isolates a vendor name that would turn the line around, and counts what is hidden in it', async () => {
      const { page } = stage.app;
      await page.goto('/documents?q=SC-2401-009');
      await page.getByText('1 hidden character').first().waitFor();
      const text = await page.getByRole('region', { name: 'Documents' }).innerText();
      expect(text).not.toContain('\u202E');
    });

    it('withdraws with a reason after saying what that means in both systems', async () => {
      const { page } = stage.app;
      await page.goto('/documents?state=refused');
      await page.getByRole('link', { name: 'PO-2407-028' }).click();
      await page.getByRole('button', { name: 'Withdraw' }).click();
      const sheet = page.getByRole('dialog', { name: 'Withdraw PO-2407-028' });
      await sheet.getByText('Nothing is sent to SAP Business One').waitFor();
      await sheet.getByLabel('Why is it withdrawn?').fill('Ordered twice');
      await sheet.getByRole('button', { name: 'Withdraw', exact: true }).click();
      await page.getByRole('heading', { level: 1 }).getByText('Withdrawn').waitFor();
      expect(stage.stub.asked.at(-1)?.body).toEqual({ reason: 'Ordered twice' });
    });

    it('says what happened, what it means for the money and what to do, and tries again', async () => {
      const { page } = stage.app;
      stage.stub.failNext('/documents?', 3);
      await page.goto('/documents');
      const alert = page.getByRole('alert');
      await alert.getByText('The database does not answer').waitFor();
      await alert.getByText('Nothing was changed or sent.').waitFor();
      await alert.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('320 documents').waitFor();
    });

    it('teaches the next step when nothing matches', async () => {
      const { page } = stage.app;
      await page.goto('/documents?q=nothing-is-called-this');
      await page.getByText('No document matches').waitFor();
    });

    it('goes to the sign-in when the session ends in the middle', async () => {
      const { page, context } = stage.app;
      await page.goto('/documents');
      await page.getByText('320 documents').waitFor();
      await context.clearCookies();
      await page.getByRole('heading', { level: 1, name: 'Sign in to Tiebeam' }).waitFor();
      expect(new URL(page.url()).searchParams.get('next')).toBe('/documents');
    });
  },
  { documentCount: 320 },
);
