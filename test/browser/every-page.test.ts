import { expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  expectReadable,
  layoutShift,
  narrow,
  wide,
} from './app-page.ts';
import { browserSuite } from './stub-suite.ts';

const document = '00000000-0000-4000-8000-000000000001';
const pages = [
  { address: '/sign-in', ready: 'Sign in to Tiebeam' },
  { address: '/', ready: 'Overview' },
  { address: '/documents', ready: 'Documents' },
  { address: `/documents/${document}`, ready: /SC-2401-007/ },
  { address: '/review', ready: 'Review' },
  { address: '/review?item=40000000-0000-4000-8000-000000000002', ready: 'Review' },
  { address: '/tie-out?project=4101', ready: 'Tie-out' },
  { address: '/tie-out?of=budget&project=4102', ready: 'Tie-out' },
  { address: '/audit', ready: 'Audit' },
  { address: '/mail', ready: 'Mail' },
  { address: '/policy', ready: 'Policy' },
  { address: '/policy?change=yes', ready: 'Policy' },
  { address: '/connections?open=procore', ready: 'Connections' },
  { address: '/connections?add=demo-erp', ready: 'Connections' },
];
browserSuite('every page', (stage) => {
  for (const viewport of [wide, narrow]) {
    for (const { address, ready } of pages) {
      it(`${address} is accessible, fits and does not jump at ${viewport.width} px, light and dark`, async () => {
        const { app } = stage;
        await app.page.setViewportSize(viewport);
        await app.page.emulateMedia({ colorScheme: 'light' });
        await app.page.goto(address);
        await app.page.getByRole('heading', { level: 1, name: ready }).waitFor();
        await app.page.waitForLoadState('networkidle');
        expect(await layoutShift(app.page)).toBeLessThan(0.05);
        await expectNoSidewaysScroll(app.page);
        await expectAccessible(app.page);
        await app.page.emulateMedia({ colorScheme: 'dark' });
        await expectReadable(app.page);
      });
    }
  }
});
