import { expect, it } from 'vitest';
import { expectAccessible } from './app-page.ts';
import { browserSuite } from './stub-suite.ts';

browserSuite('an application that cannot be billed in its turn', (stage) => {
  it('is named by its number in the ERP, with the difference that is accepted', async () => {
    const { page } = stage.app;
    Object.assign(stage.stub.world.review[0]!, {
      ...{
        kind: 'billing',
        title: 'Pay application 2, Steel & Sons',
        documentId: null,
        payloadHash: 'v1:shown',
      },
      ...{ question: 'Does its invoice stand in the ERP already?', evidence: [] },
      billing: {
        ...{ application: 2, currency: 'USD', answers: ['next', 'standing'] },
        parts: [{ part: 'progress', number: 'SC-0102-2', amount: '1000.00' }],
      },
    });
    await page.goto('/review');
    const decide = page.getByRole('button', { name: 'Decide' });
    await decide.waitFor();
    expect(await decide.isDisabled()).toBe(true);
    await page.getByRole('radio', { name: /stands in the ERP already/ }).check();
    await expectAccessible(page);
    await page.getByLabel('Its number in the ERP').fill('BY-HAND');
    await page.getByLabel('By how much it differs').fill('-10.00');
    await decide.click();
    await page.getByText('Pay application 2, Steel & Sons: decided').waitFor();
    const said = { payloadHash: 'v1:shown', answer: 'standing', number: 'BY-HAND', difference: '-10.00' };
    expect(stage.stub.asked.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
      ['billing', said],
    ]);
  });
});
