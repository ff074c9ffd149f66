import { expect, it } from 'vitest';
import { browserSuite } from './stub-suite.ts';

browserSuite('tie-out, audit, help', (stage) => {
  it('walks from the Procore total to the ERP total and opens the document behind an amount', async () => {
    const { page } = stage.app;
    await page.goto('/tie-out');
    await page.getByRole('link', { name: /Riverside Elementary School/ }).click();
    const bridge = page.getByRole('region', { name: 'Bridge, item by item' });
    await bridge.getByRole('row', { name: /SC-2401-007.*\u2212697,680\.55/ }).waitFor();
    expect(await bridge.getByRole('row').last().innerText()).toMatch(/ERP committed\s+3,914,853\.47/);
    await page
      .getByRole('img', { name: /^From Procore to the ERP in USD: Procore 4,812,944\.12, / })
      .waitFor();
    await bridge.getByRole('link', { name: /697,680\.55/ }).click();
    await page.getByRole('heading', { level: 1, name: /SC-2401-007/ }).waitFor();
  });

  it('opens the documents of a project from its total', async () => {
    const { page } = stage.app;
    await page.goto('/tie-out');
    await page.getByRole('link', { name: '2,390,118.40' }).click();
    await page.getByText('Project: Harbour Street Parking Structure').waitFor();
    expect(new URL(page.url()).search).toBe('?project=4102');
  });

  it('compares again when asked', async () => {
    const { page } = stage.app;
    await page.goto('/tie-out');
    await page.getByText('4 min ago').waitFor();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText('just now').waitFor();
  });

  it('compares budgets code by code, what differs most first, and hands the figures out as a file', async () => {
    const { page } = stage.app;
    await page.goto('/tie-out?project=4102');
    await page
      .getByRole('navigation', { name: 'What is compared' })
      .getByRole('link', { name: 'Budget' })
      .click();
    await page.locator('nav a[aria-current=page]', { hasText: /^Budget$/ }).waitFor();
    expect(await page.locator('.measures a[aria-current]').allInnerTexts()).toEqual(['Budget']);
    const projects = page.getByRole('region', { name: 'Budget by project' });
    await projects
      .getByRole('row', { name: /^Harbour .* 2,000,000\.10 1,950,000\.00 \+50,000\.10 / })
      .waitFor();
    expect(await projects.getByRole('rowheader').allInnerTexts()).toEqual([
      expect.stringContaining('Harbour'),
      expect.stringContaining('Riverside'),
      'All projects',
    ]);
    await page
      .getByRole('img', { name: /^From Procore to the ERP in USD: Procore 2,000,000\.10, / })
      .waitFor();
    const lines = page.getByRole('region', { name: 'Line by line', exact: true });
    expect(await lines.getByRole('row').allInnerTexts()).toEqual([
      expect.stringMatching(/^Line/),
      expect.stringMatching(/^03-300 S\s+1,250,000\.10\s+1,200,000\.00\s+\+50,000\.10$/),
      expect.stringMatching(/^Budget change 7\s+0\.00\s+0\.00\s+0\.00$/),
      expect.stringMatching(/^05-120 S\s+750,000\.00\s+750,000\.00\s+0\.00$/),
      expect.stringMatching(/^All lines\s+2,000,000\.10\s+1,950,000\.00\s+\+50,000\.10$/),
    ]);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('tiebeam-budget.csv');
    stage.stub.failNext('/tie-out/budgets/refresh');
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByRole('alert').waitFor();
    await projects.getByRole('link', { name: '2,000,000.10' }).click();
    await page.getByText('Kind: Budget').waitFor();
    await page.goto('/tie-out?of=direct-costs&project=4101');
    const bridge = page.getByRole('region', { name: 'Bridge, item by item' });
    await bridge.getByRole('row', { name: /^Entered in Procore 1,200\.00$/ }).waitFor();
    await bridge.getByRole('row', { name: /^INV-88 .* \u2212200\.00$/ }).waitFor();
    expect(await page.getByRole('link', { name: '1,200.00' }).count()).toBe(0);
    stage.stub.world.keepsBudgets = false;
    await page.goto('/tie-out?of=budget');
    await page.getByText('SAP Business One keeps none by project').waitFor();
  });

  it('verifies the audit chain and opens the document of an entry', async () => {
    const { page } = stage.app;
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText('The chain is whole: 1,482 entries verified').waitFor();
    await page.getByRole('region', { name: 'Audit entries' }).getByRole('link').first().click();
    await page.getByText('What is it').waitFor();
  });

  it('names the simulated systems and the faults of the set-up on every page', async () => {
    const { page } = stage.app;
    await page.goto('/');
    await page.getByRole('note').getByText('Procore, SAP Business One.').waitFor();
    await page.getByRole('note').getByText('Only one person may approve').waitFor();
  });

  it('lists the keys on "?" and gives the focus back', async () => {
    const { page } = stage.app;
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('Search documents').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { level: 1, name: 'Tie-out' }).waitFor();
  });

  it('needs no inline style, and the service allows none', async () => {
    const { page } = stage.app;
    const answer = await page.goto('/review?item=40000000-0000-4000-8000-000000000002');
    const policy = answer?.headers()['content-security-policy'];
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain('unsafe');
    // The suite fails on any complaint of the browser, and a refused style is one.
    await page.getByRole('combobox', { name: 'Another code' }).click();
    await page.getByRole('option').first().waitFor();
    await page.goto('/tie-out?project=4101');
    await page.getByRole('img', { name: /^From Procore/ }).waitFor();
  });
});
