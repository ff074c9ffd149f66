import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export type Import = {
  /** Path below the repository, with forward slashes. */
  readonly from: string;
  /** Path below the repository for a file of ours, else the module's name. */
  readonly to: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
};

// Three forms: import or export from, a bare import for its effect, and import() with a plain text.
const STATEMENT = /^(?:import|export)\s+(type\s+)?([^'"();]*?)\s*from\s+['"]([^'"]+)['"]/gm;
const BARE = /^import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every TypeScript file below a folder, tests included. */
export function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export function importsOf(
  root: string,
  file: string,
  text = readFileSync(join(root, file), 'utf8'),
): Import[] {
  const found = (specifier: string, typeOnly: boolean, clause: string): Import => {
    const ours = specifier.startsWith('.');
    const path = ours
      ? relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/')
      : specifier;
    const names = clause.match(/[A-Za-z_$][\w$]*/g) ?? [];
    return { from: file, to: path, ours, typeOnly, names };
  };
  return [
    ...[...text.matchAll(STATEMENT)].map(([, type, clause = '', to = '']) =>
      found(to, type !== undefined, clause),
    ),
    ...[...text.matchAll(BARE)].map(([, to = '']) => found(to, false, '')),
    ...[...text.matchAll(DYNAMIC)].map(([, to = '']) => found(to, false, '')),
  ];
}

/** Tests, and what only tests use: folders named testing or fixtures, and the promises of connectors. */
export function isTest(file: string): boolean {
  return (
    /\.test\.tsx?$|\/(?:testing|fixtures)\//.test(file) ||
    /^(?:test|src\/connectors\/conformance)\//.test(file)
  );
}
