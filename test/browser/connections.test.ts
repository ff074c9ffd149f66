import { expect, it } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, narrow } from './app-page.ts';
import { browserSuite } from './stub-suite.ts';

browserSuite('connections', (stage) => {
  const asEngineer = () => {
    stage.stub.world.me.user.roles = ['engineer'];
    return stage.app.page;
  };

  it('shows findings of a check as they come, with what to do, and claims nothing unproven', async () => {
    const page = asEngineer();
    await page.goto('/connections');
    await page.getByRole('link', { name: 'Cascade in Procore' }).click();
    const check = page.getByRole('region', { name: 'Check' });
    await check.getByRole('button', { name: 'Check now' }).click();
    await check.getByText('1 of 3 failed.').waitFor();
    const findings = check.getByRole('list', { name: 'Findings' }).getByRole('listitem');
    expect(await findings.allInnerTexts()).toEqual([
      expect.stringMatching(/^Holds/),
      expect.stringMatching(/^Failed[\s\S]*What to do: Give the service account Admin on Commitments/),
      expect.stringMatching(/^Unproven/),
    ]);
    await expectAccessible(page);
    stage.stub.failNext('/connections/procore/check');
    await check.getByRole('button', { name: 'Check now' }).click();
    await check.getByRole('alert').waitFor();
  });

  it('sets Procore up by keyboard, only with consent to what was shown', async () => {
    const page = asEngineer();
    await page.goto('/connections?open=procore');
    const panel = page.getByRole('region', { name: 'Set-up in Procore' });
    await panel.getByLabel('Address of this service').fill('http://tiebeam.example');
    await page.keyboard.press('Enter');
    await panel.getByRole('alert').getByText('The address of this service is needed').waitFor();
    await panel.getByLabel('Address of this service').fill('https://tiebeam.example');
    await page.keyboard.press('Enter');
    await panel.getByText('Nothing was written yet').waitFor();
    expect(stage.stub.asked).toEqual([]);
    expect(await panel.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()).toBe(2);
    await expectAccessible(page);
    await panel.getByRole('button', { name: 'Do this in Procore' }).focus();
    await page.keyboard.press('Enter');
    await panel.getByText('Each write stands in the audit trail').waitFor();
    expect(stage.stub.asked.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/set-up', body: { address: 'https://tiebeam.example', freshSecret: false, digest: 'v1:2' } },
    ]);
    await page
      .getByRole('row', { name: /Cascade in Procore/ })
      .getByText('nothing')
      .waitFor();
  });

  it('edits a connection without showing its secret, keeps what was typed, and names what is wrong', async () => {
    const page = asEngineer();
    await page.setViewportSize(narrow);
    await page.goto('/connections?open=erp');
    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByRole('textbox', { name: 'Password' }).inputValue()).toBe('');
    await page.getByLabel('Base URL').fill('nowhere');
    await page.reload();
    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByLabel('Base URL').inputValue()).toBe('nowhere');
    await page.getByLabel('Company database').fill('SBO_CASCADE');
    await page.getByLabel('User name').fill('tiebeam');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByLabel('Base URL').getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByLabel('Base URL').fill('https://b1.example:50000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The connection was saved').waitFor();
    expect(stage.stub.asked.at(-1)).toMatchObject({ body: { values: { companyDb: 'SBO_CASCADE' } } });
  });

  it('lets others see and not touch, and a controller switch posted cost', async () => {
    const { page } = stage.app;
    await page.goto('/connections?open=procore');
    await page.getByText('A person with the role engineer may try the connection').waitFor();
    expect(await page.getByRole('button', { name: /Check now|Edit|Show what is missing/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show posted cost in Procore' }).click();
    await page.getByText('Posted cost is shown from now on').waitFor();
    expect(stage.stub.asked.at(-1)).toMatchObject({ path: '/job-costs', body: { allowed: true } });
    await page.getByRole('button', { name: 'Stop showing posted cost' }).waitFor();
    await page.getByRole('button', { name: 'Read the ledger now' }).click();
    await page.getByText('The ledger of the ERP is read now').waitFor();
    expect(stage.stub.asked.at(-1)).toMatchObject({ path: '/job-costs/now' });
  });

  it('lets a controller choose whose words the pages speak, by keyboard, and others see it', async () => {
    stage.stub.world.documents.splice(0);
    const { page } = stage.app;
    await page.goto('/connections');
    const panel = page.getByRole('region', { name: 'Point of view' });
    await panel.getByRole('radio', { name: /^General contractor/, checked: true }).focus();
    await page.keyboard.press('ArrowDown');
    await panel.getByRole('radio', { name: /^Owner Says contract for subcontract/, checked: true }).waitFor();
    await expectAccessible(page);
    stage.stub.failNext('/point-of-view');
    await page.keyboard.press('Enter');
    await panel.getByRole('alert').waitFor();
    expect(stage.stub.asked).toEqual([]);
    await panel.getByRole('button', { name: 'Use these words' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The words changed for everybody of this company').waitFor();
    expect(stage.stub.asked).toMatchObject([{ path: '/point-of-view', body: { pointOfView: 'owner' } }]);
    await page.getByRole('link', { name: 'Documents', exact: true }).click();
    await page
      .getByText('A contract, purchase order, application or funding invoice shows up here')
      .waitFor();
    stage.stub.world.me.user.roles = ['project-manager'];
    await page.goto('/connections');
    await panel.getByText('An engineer or a controller may choose.').waitFor();
    expect(await panel.getByRole('radio').count()).toBe(0);
  });

  it('makes a support bundle for an administrator, with names only where that is ticked', async () => {
    const { page } = stage.app;
    await page.goto('/connections');
    await page.getByRole('region', { name: 'Point of view' }).waitFor();
    expect(await page.getByRole('region', { name: 'Support bundle' }).count()).toBe(0);
    stage.stub.world.me.user.roles = ['admin'];
    await page.goto('/connections');
    const panel = page.getByRole('region', { name: 'Support bundle' });
    stage.stub.failNext('/support-bundle');
    await panel.getByRole('button', { name: 'Make a support bundle' }).click();
    await panel.getByRole('alert').waitFor();
    await panel.getByRole('checkbox', { name: 'With names, amounts and whole sentences' }).check();
    await expectAccessible(page);
    const saved = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Make a support bundle' }).click();
    expect((await saved).suggestedFilename()).toBe('tiebeam-support.tar.gz');
    expect(stage.stub.asked).toMatchObject([{ path: '/support-bundle', body: { days: 7, withNames: true } }]);
  });

  it('begins with an empty page that teaches the first step, and survives a failing service', async () => {
    stage.stub.connections.rows.splice(0);
    const page = asEngineer();
    stage.stub.failNext('/connections', 3);
    await page.goto('/connections');
    await page.getByRole('alert').waitFor();
    await page.getByText('Nothing is connected yet').waitFor();
    await page.getByRole('link', { name: 'Connect SAP Business One' }).click();
    const form = page.getByRole('region', { name: 'Connect SAP Business One' });
    await form.getByRole('textbox', { name: 'Code', exact: true }).fill('B1');
    await form.getByLabel('Base URL').fill('https://b1.example:50000');
    await form.getByLabel('Company database').fill('SBO');
    await form.getByLabel('User name').fill('tiebeam');
    await form.getByRole('textbox', { name: 'Password' }).fill('a secret');
    await form.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('SAP Business One is connected, read-only').waitFor();
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('a secret');
  });
});
