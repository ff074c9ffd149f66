import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ServiceRole } from '../../src/store/database/role-passwords.ts';

export type StoreStatement = {
  readonly file: string;
  readonly calledIn: string;
  readonly role: ServiceRole;
  readonly sql: string;
};

const FOLDER = 'src/store';
// These speak to the server as its owner or only open and close a transaction: no role of the service runs them.
const NOT_OF_THE_SERVICE = new Set(['migrate.ts', 'set-role-passwords.ts', 'transaction.ts']);
const isNotOfTheService = (file: string) =>
  file.startsWith('embedded/') || NOT_OF_THE_SERVICE.has(basename(file));
// What the dispatcher calls before it knows a tenant.
const DISPATCH = new Set([
  'holdAccounts',
  'releaseAccounts',
  'claimLanes',
  'renewLanes',
  'releaseLanes',
  'nextDueMs',
]);

// A place that builds its text from an argument, with both texts that it can become.
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "lock === 'lock' ? 'for update' : ''": ['for update', ''],
};
// Where a file ends one statement in many ways, this function of its own is handed the ends.
const ENDS = { hole: 'where', handedTo: 'documentsWhere' } as const;

type Source = { readonly file: string; readonly text: string };

/** Every statement of the store, read from its source: a new one is in this list without anybody adding it. */
export async function storeStatements(): Promise<{
  readonly statements: readonly StoreStatement[];
  readonly calls: number;
}> {
  const files = (await readdir(FOLDER, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !isNotOfTheService(file),
  );
  const sources = await Promise.all(
    files.sort().map(async (file) => ({ file, text: await readFile(join(FOLDER, file), 'utf8') })),
  );
  const calls = sources.flatMap(callsOf);
  return {
    calls: calls.length,
    statements: calls.flatMap(({ source, at, receiver }) => {
      const calledIn = functionAround(source.text, at);
      const role = roleOf(receiver, calledIn);
      return written(literalAt(source, at), source, sources).map((sql) => ({
        file: source.file,
        calledIn,
        role,
        sql,
      }));
    }),
  };
}

function callsOf(source: Source) {
  const types = '(?:<(?:[^<>()]|<[^<>]*>)*>)?';
  return [...source.text.matchAll(new RegExp(String.raw`(\w+)\s*\.query${types}\(\s*`, 'g'))].map(
    (match) => ({ source, receiver: match[1] ?? '', at: textAt(source.text, match.index + match[0].length) }),
  );
}

/** A statement with a name is handed over as an object: its text is what counts. */
function textAt(text: string, at: number): number {
  const named = /^\{(?:[^{}`]*?)\btext:\s*/.exec(text.slice(at));
  return at + (named?.[0].length ?? 0);
}

function roleOf(receiver: string, calledIn: string): ServiceRole {
  if (receiver === 'door') return 'tiebeam_door';
  return DISPATCH.has(calledIn) ? 'tiebeam_dispatch' : 'tiebeam_app';
}

function functionAround(text: string, at: number): string {
  return [...text.slice(0, at).matchAll(/function\*? (\w+)/g)].at(-1)?.[1] ?? '';
}

/** The text between the quotes that open at this place. */
function literalAt({ file, text }: Source, at: number): string {
  const quote = text[at] ?? '';
  if (!["'", '"', '`'].includes(quote))
    throw new Error(`${file}: a statement is not written where it is run: ${text.slice(at, at + 60)}`);
  let depth = 0;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text.startsWith('${', end)) depth += 1;
    else if (depth > 0 && text[end] === '}') depth -= 1;
    else if (depth === 0 && text[end] === quote) return text.slice(at + 1, end);
  }
  throw new Error(`${file}: a statement does not end`);
}

/** Puts the named constants in: those of the same file first, then those that other store files export. */
function written(sql: string, source: Source, sources: readonly Source[]): string[] {
  const hole = /\$\{([^}]*)\}/.exec(sql);
  if (hole === null) return [sql.replaceAll(/\\(['"`\\])/g, '$1')];
  const name = hole[1] ?? '';
  return textsOf(name, source, sources).flatMap((text) =>
    written(
      sql.replace(hole[0], () => text),
      source,
      sources,
    ),
  );
}

function textsOf(name: string, source: Source, sources: readonly Source[]): readonly string[] {
  if (name === ENDS.hole) return endsIn(source);
  return CHOICES[name] ?? [constant(name, source, sources)];
}

function endsIn(source: Source): string[] {
  const handed = source.text.matchAll(new RegExp(String.raw`\b${ENDS.handedTo}\(\s*tx,\s*`, 'g'));
  const ends = [...handed].map((match) => literalAt(source, match.index + match[0].length));
  if (ends.length === 0) throw new Error(`${source.file}: nobody calls ${ENDS.handedTo}`);
  return ends;
}

function constant(name: string, source: Source, sources: readonly Source[]): string {
  for (const place of [source, ...sources]) {
    const found = new RegExp(String.raw`^(?:export )?const ${name} =\s*`, 'm').exec(place.text);
    if (found === null) continue;
    const at = found.index + found[0].length;
    const digits = /^[\d_]+/.exec(place.text.slice(at))?.[0];
    return digits === undefined ? literalAt(place, at) : digits.replaceAll('_', '');
  }
  throw new Error(`${source.file}: no constant ${name} stands behind a statement`);
}
