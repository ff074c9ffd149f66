import { expect, it } from 'vitest';
import { expectAccessible } from './app-page.ts';
import { browserSuite } from './stub-suite.ts';

browserSuite('mail', (stage) => {
  it('is chosen by keyboard, and kept by the button alone', async () => {
    const { page } = stage.app;
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.type('gm');
    const questions = page.getByRole('group', { name: 'Questions in Review that your roles may answer' });
    await questions.getByLabel('Not by mail').focus();
    await page.keyboard.press('ArrowDown');
    expect(await questions.getByLabel('At once').isChecked()).toBe(true);
    expect(stage.stub.asked).toEqual([]);
    await page
      .getByRole('group', { name: /^Orders/ })
      .getByLabel('Once a day')
      .check();
    await page.getByLabel('Hour of the daily mail').selectOption('6');
    stage.stub.failNext('/mail');
    await page.getByRole('button', { name: 'Keep this choice' }).click();
    await page.getByText('The database does not answer').waitFor();
    await page.getByRole('button', { name: 'Keep this choice' }).click();
    await page.getByText('Your choice is kept', { exact: true }).first().waitFor();
    expect(stage.stub.mail).toMatchObject({ waits: 'at-once', ordered: 'daily', hour: 6 });
    await page.reload();
    await questions.getByLabel('At once').waitFor();
    expect(await questions.getByLabel('At once').isChecked()).toBe(true);
  });

  it('says where none is sent, and what the server says where none arrives', async () => {
    const { page } = stage.app;
    stage.stub.mail.isSending = false;
    await page.goto('/mail');
    await page.getByText('No mail is sent from here yet').waitFor();
    await expectAccessible(page);
    stage.stub.mail.isSending = true;
    stage.stub.mail.trouble = { error: '451 mailbox is busy', waiting: 3 };
    await page.reload();
    const alert = page.getByRole('alert').filter({ hasText: 'Mail to you does not arrive' });
    await alert.getByText('3 things wait').waitFor();
    await alert.getByText('451 mailbox is busy').waitFor();
    await expectAccessible(page);
  });
});
