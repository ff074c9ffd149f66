import { expect, it } from 'vitest';
import { browserSuite } from './stub-suite.ts';

const steel = 'SC-2401-007 Structural steel, furnish and erect';

browserSuite('review', (stage) => {
  it('is done by keyboard alone: approve, set a mapping, reject with a reason', async () => {
    const { page } = stage.app;
    const { keyboard } = page;
    const pane = page.getByRole('region', { name: 'Reading pane' });
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await keyboard.press('g');
    await keyboard.press('r');
    await pane.getByRole('heading', { name: steel }).waitFor();

    await keyboard.press('a');
    await keyboard.press('Enter');
    await pane.getByRole('heading', { name: 'Cost code 26-2700 Subcontract' }).waitFor();
    await pane.getByText('It also releases 3 other documents.').waitFor();

    await keyboard.press('c');
    await keyboard.press('Space');
    await keyboard.press('Enter');
    await pane.getByRole('heading', { name: /PO-2407-031/ }).waitFor();

    await keyboard.press('r');
    await pane.getByLabel('Why is it rejected?').waitFor();
    await keyboard.type('Wrong vendor, ask the project manager');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await pane.getByRole('heading', { name: /SC-2503-002/ }).waitFor();

    const hash = stage.stub.world.review[0]?.payloadHash;
    expect(stage.stub.asked.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
      ['approve', { payloadHash: hash }],
      [
        'answer',
        {
          answers: [{ kind: 'cost', scope: '', key: '26-2700|S', value: { kind: 'account', code: '52600' } }],
        },
      ],
      ['reject', { reason: 'Wrong vendor, ask the project manager' }],
    ]);
  });

  it('never approves by one key: "a" only goes to the button', async () => {
    const { page } = stage.app;
    await page.goto('/review');
    const approve = page.getByRole('button', { name: /^Approve/ });
    await approve.waitFor();
    await page.keyboard.press('a');
    expect(await approve.evaluate((button) => button.matches(':focus'))).toBe(true);
    expect(stage.stub.asked).toEqual([]);
  });

  it('moves with j and k and keeps the item in the address', async () => {
    const { page } = stage.app;
    await page.goto('/review');
    await page.getByRole('heading', { name: steel }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Cost code 26-2700 Subcontract' }).waitFor();
    expect(page.url()).toContain('item=40000000-0000-4000-8000-000000000002');
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: steel }).waitFor();
  });

  it('lets a person choose another code of the ERP than the suggested ones', async () => {
    const { page } = stage.app;
    await page.goto('/review?item=40000000-0000-4000-8000-000000000002');
    await page.getByRole('combobox', { name: 'Another code' }).fill('rental');
    await page.getByRole('option', { name: '53000 · Equipment rental' }).click();
    await page.getByRole('button', { name: /Set mapping/ }).click();
    await page.getByRole('heading', { name: /PO-2407-031/ }).waitFor();
    expect(JSON.stringify(stage.stub.asked.at(-1)?.body)).toContain('"code":"53000"');
  });

  it('repeats a decision whose reply was lost under the same idempotency key', async () => {
    const { page } = stage.app;
    await page.goto('/review');
    await page.getByRole('heading', { name: steel }).waitFor();
    const keys: (string | undefined)[] = [];
    await page.route('**/approve', async (route) => {
      keys.push(
        await route
          .request()
          .headerValue('idempotency-key')
          .then((key) => key ?? undefined),
      );
      await (keys.length === 1 ? route.abort() : route.continue());
    });
    const approve = page.getByRole('button', { name: /^Approve/ });
    await approve.click();
    await page.getByRole('alert').getByText('The service did not answer').waitFor();
    await approve.click();
    await page.getByRole('heading', { name: 'Cost code 26-2700 Subcontract' }).waitFor();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('keeps a half-typed reason over a reload', async () => {
    const { page } = stage.app;
    await page.goto('/review');
    await page.getByRole('button', { name: /^Reject/ }).click();
    await page.getByLabel('Why is it rejected?').fill('The scope is not agr');
    await page.reload();
    await page.getByRole('button', { name: /^Reject/ }).click();
    expect(await page.getByLabel('Why is it rejected?').inputValue()).toBe('The scope is not agr');
  });

  it('shows no decision to somebody who may not decide, and says why', async () => {
    const { page } = stage.app;
    await page.goto('/review?item=40000000-0000-4000-8000-000000000005');
    await page.getByText('You requested it, so somebody else decides.').waitFor();
    expect(await page.getByRole('button', { name: /^(Approve|Reject)/ }).count()).toBe(0);
  });

  it('says what fills an empty queue', async () => {
    const { page } = stage.app;
    for (const item of stage.stub.world.review) item.state = 'expired';
    await page.goto('/review');
    await page.getByText('The queue is empty').waitFor();
  });
});
