import { expect, it } from 'vitest';
import { policyFromTheStart } from '../../src/domain/approval/policy.ts';
import { expectAccessible, expectNoSidewaysScroll, narrow } from './app-page.ts';
import { proposeIn, setStubPolicy } from './stub-policy.ts';
import { browserSuite } from './stub-suite.ts';

browserSuite('the policy', (stage) => {
  it('says all that counts and how it became so, also where nothing was ever changed', async () => {
    const { page } = stage.app;
    await page.goto('/policy');
    await page.getByText('As it is from the start').waitFor();
    const rules = page.getByRole('region', { name: 'Approvals by amount' });
    await rules.getByRole('row', { name: /^Purchase orders 50,000\.00 USD controller$/ }).waitFor();
    await rules.getByRole('row', { name: /^Payments to vendors always controller$/ }).waitFor();
    await page.getByText('Nothing was changed yet').waitFor();
    setStubPolicy(stage.stub.policy, { ...policyFromTheStart, approvals: [], timeZone: 'America/Chicago' });
    await page.reload();
    await rules.getByRole('row', { name: /^Purchase orders always controller$/ }).waitFor();
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText(/approved by kim\.vance@cascade\.example: As the board decided/).waitFor();
    await history.getByText(/^6 differences/).click();
    await history.getByRole('row', { name: /^Purchase orders in USD .* More is asked$/ }).waitFor();
    await expectAccessible(page);
  });

  it('is changed by keyboard: what is wrong is named at its field, and only a difference that was read is proposed', async () => {
    const { page } = stage.app;
    await page.goto('/policy');
    await page.getByRole('link', { name: 'Propose a change' }).click();
    const rule = page.getByRole('group', { name: 'Purchase orders' });
    await rule.getByLabel('From').fill('75,000');
    await page.reload();
    expect(await rule.getByLabel('From').inputValue()).toBe('75,000');
    await page.getByLabel('Time zone').fill('Chicago');
    await page.keyboard.press('Enter');
    await rule.getByText(/"75,000" is no amount\. Write digits/).waitFor();
    expect(await rule.getByLabel('From').getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.value')).toBe('75,000');
    await expectAccessible(page);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('75000');
    await page.getByLabel('Time zone').fill('America/Chicago');
    await page.getByLabel('New vendors').selectOption({ label: 'go by themselves' });
    await page.getByRole('button', { name: 'Remove the rule for Budgets' }).click();
    stage.stub.failNext('/policy/preview');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await page.getByText('The database does not answer').waitFor();
    await page.getByRole('button', { name: 'Show the difference' }).click();
    const difference = page.getByRole('region', { name: 'Differences' });
    await difference
      .getByRole('row', { name: /^Purchase orders in USD .*USD 50,000\.00.*USD 75,000\.00.* Less is asked$/ })
      .waitFor();
    expect(await difference.getByRole('row').count()).toBe(5);
    await expectAccessible(page);
    expect(stage.stub.asked.filter(({ path }) => path === '/policy/proposals')).toEqual([]);
    await page.getByLabel('Why shall it change?').fill('Steel costs more');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The change waits for a second person').first().waitFor();
    expect(stage.stub.asked.at(-1)).toMatchObject({
      path: '/policy/proposals',
      body: {
        ...{ base: 0, reason: 'Steel costs more' },
        policy: { timeZone: 'America/Chicago', newRecords: { vendor: null, project: null } },
      },
    });
    const waiting = page.getByRole('region', { name: 'A change waits for a second person' });
    await expect.poll(() => waiting.getByRole('link').count()).toBe(0);
    await expect.poll(() => page.getByRole('link', { name: 'Propose a change' }).count()).toBe(0);
    await waiting.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('The change was taken back').waitFor();
    expect(stage.stub.asked.at(-1)?.path).toMatch(/^\/review\/.*\/reject$/);
  });

  it('is decided in Review by a second person, who reads the differences there', async () => {
    const { stub, app } = stage;
    const policy = { ...policyFromTheStart, timeZone: 'America/Chicago' };
    proposeIn(stub.world, stub.policy, { policy, reason: 'Our day', by: 'dana.reyes@cascade.example' });
    await app.page.setViewportSize(narrow);
    await app.page.goto('/policy');
    await app.page.getByText('dana.reyes@cascade.example').waitFor();
    await expectAccessible(app.page);
    await expectNoSidewaysScroll(app.page);
    await app.page.getByRole('link', { name: 'Decide it in Review' }).click();
    await app.page.getByText('UTC. From then on: America/Chicago.').waitFor();
    await app.page.getByText('Approving signs exactly the policy that makes these differences.').waitFor();
    await app.page.getByRole('button', { name: 'Approve' }).click();
    await expect
      .poll(() => stub.asked.at(-1))
      .toMatchObject({
        path: expect.stringMatching(/\/approve$/),
        body: { payloadHash: 'v1:policy' },
      });
  });

  it('is seen by everybody and touched by nobody without the role or without a second person', async () => {
    const { page } = stage.app;
    stage.stub.policy.others = [];
    stage.stub.failNext('/policy', 3);
    await page.goto('/policy?change=yes');
    await page.getByRole('alert').first().waitFor();
    await page.getByText('Nobody could approve it: no other person has the role controller.').waitFor();
    expect(await page.getByRole('button', { name: /difference|Propose/ }).count()).toBe(0);
    stage.stub.world.me.user.roles = ['project-manager'];
    await page.reload();
    await page.getByText('An accountant, a controller or an engineer proposes a change.').waitFor();
  });
});
