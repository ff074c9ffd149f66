import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectors } from '../src/connectors/registry.ts';
import { type Import, importsOf, sourceFiles } from './walls/imports.ts';
import { offence } from './walls/rooms.ts';

const ROOT = resolve(import.meta.dirname, '..');
const all = sourceFiles(ROOT, 'src').flatMap((file) => importsOf(ROOT, file));

describe('the walls of the house', () => {
  it('stand: every import of src/ goes in an allowed direction', () => {
    const broken = all.flatMap((each) => {
      const why = offence(each);
      return why === null ? [] : [`${each.from} -> ${each.to}: ${why}`];
    });
    expect(broken).toEqual([]);
    expect(all.length).toBeGreaterThan(100);
  });

  const edge = (from: string, to: string, more: Partial<Import> = {}): Import => ({
    from,
    to,
    ours: to.startsWith('src/'),
    typeOnly: false,
    names: [],
    ...more,
  });

  it.each([
    edge('src/lib/door.ts', 'src/domain/values/money.ts'),
    edge('src/domain/values/money.ts', 'src/lib/clock.ts'),
    edge('src/domain/plan.ts', 'zod'),
    edge('src/domain/plan.ts', 'node:fs'),
    edge('src/store/documents/posting.ts', 'src/engine/posting.ts'),
    edge('src/procore/http/client.ts', 'src/store/documents/posting.ts'),
    edge('src/procore/http/client.ts', 'src/connectors/demo-erp/index.ts'),
    edge('src/procore/http/client.ts', 'undici'),
    edge('src/connectors/demo-erp/index.ts', 'src/connectors/sap-business-one/config.ts'),
    edge('src/connectors/demo-erp/index.ts', 'src/procore/hub.ts'),
    edge('src/connectors/demo-erp/index.ts', 'src/store/tx.ts'),
    edge('src/connectors/demo-erp/client.ts', 'node:https'),
    edge('src/connectors/demo-erp/index.ts', 'src/connectors/demo-erp/simulator/company/state.ts'),
    edge('src/connectors/demo-erp/simulator/company/state.ts', 'src/connectors/demo-erp/wire.ts'),
    edge('src/connectors/demo-erp/simulator/company/state.ts', 'src/domain/values/decimal.ts'),
    edge('src/connectors/connector.ts', 'src/connectors/demo-erp/config.ts'),
    edge('src/connectors/registry.ts', 'src/connectors/demo-erp/client.ts'),
    edge('src/engine/posting.ts', 'src/connectors/demo-erp/index.ts'),
    edge('src/engine/posting.ts', 'src/connectors/registry.ts'),
    edge('src/http/routes.ts', 'src/procore/hub.ts'),
    edge('src/http/routes.ts', 'src/connectors/registry.ts'),
    edge('src/cli/plan.ts', 'src/http/routes.ts'),
    edge('src/main.ts', 'src/procore/simulator/server.ts'),
    edge('src/demo/start.ts', 'src/procore/simulator/server.ts'),
    edge('src/demo/judge.ts', 'src/engine/posting.ts'),
    edge('src/demo/judge.ts', 'src/store/documents/posting.ts'),
    edge('src/http/routes.ts', 'src/lib/door.ts', { names: ['committedIntent'] }),
    edge('src/engine/posting.ts', 'src/connectors/conformance/suite.ts'),
    edge('src/http/server.ts', 'src/http/testing/test-server.ts'),
    edge('src/odds-and-ends.ts', 'src/lib/clock.ts'),
  ])('would not let $from import $to', (each) => {
    expect(offence(each)).not.toBeNull();
  });

  it.each([
    edge('src/engine/posting.ts', 'src/lib/door.ts', { names: ['committedIntent'] }),
    edge('src/procore/hub.ts', 'src/connectors/connector.ts'),
    edge('src/connectors/demo-erp/simulator/company/state.ts', 'src/domain/values/money.ts'),
    edge('src/demo/seed.ts', 'src/connectors/demo-erp/simulator/company/seed.ts', { typeOnly: true }),
    edge('src/demo/start.ts', 'src/connectors/registry.ts'),
    edge('src/connectors/demo-erp/conformance.test.ts', 'src/connectors/demo-erp/simulator/http/server.ts'),
  ])('lets $from import $to', (each) => {
    expect(offence(each)).toBeNull();
  });

  it('are walked through every form of an import', () => {
    const text = [
      "import { a, type B } from './a.ts';",
      "import type {\n  C,\n} from '../domain/c.ts';",
      "export { d } from './d.ts';",
      "import './effect.ts';",
      "const e = await import('./e.ts');",
      "// import { no } from './no.ts';",
    ].join('\n');
    const found = importsOf(ROOT, 'src/lib/x.ts', text);
    expect(found.map(({ to }) => to)).toEqual([
      'src/lib/a.ts',
      'src/domain/c.ts',
      'src/lib/d.ts',
      'src/lib/effect.ts',
      'src/lib/e.ts',
    ]);
    expect(found[0]?.names).toContain('a');
    expect(found.map(({ typeOnly }) => typeOnly)).toEqual([false, true, false, false, false]);
  });
});

describe('the registry', () => {
  const folders = readdirSync(join(ROOT, 'src/connectors'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'conformance')
    .map(({ name }) => name)
    .filter((name) => existsSync(join(ROOT, 'src/connectors', name, 'index.ts')));

  it('lists every connector that has a folder, and no other', () => {
    expect(connectors.map(({ id }) => id).sort()).toEqual(folders.sort());
    expect(folders).toContain('demo-erp');
  });

  it.each(folders)('%s has its mappings written down and runs the conformance suite', (folder) => {
    const file = (name: string) => join(ROOT, 'src/connectors', folder, name);
    expect(existsSync(file('MAPPINGS.md'))).toBe(true);
    expect(existsSync(file('simulator/MAPPINGS.md'))).toBe(true);
    expect(readFileSync(file('conformance.test.ts'), 'utf8')).toContain('conformance(');
  });
});
