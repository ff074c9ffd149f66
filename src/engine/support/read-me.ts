import type { ArchivedFile } from '../../lib/tar.ts';
import type { BundleWish } from './bundle.ts';

const WITHOUT_NAMES = `Names of vendors, projects and people, numbers of documents and amounts are left out, and so is every word of a
sentence that is not on Tiebeam's own list: an ellipsis stands for it. With --with-names they would be here.`;
const WITH_NAMES = `It was made WITH names: vendors, amounts, people and sentences of your systems stand in it. Give it only to whom
you would show your books.`;

export function readMe(now: Date, wish: BundleWish, files: readonly ArchivedFile[]): string {
  const missing = files.filter(({ text }) => /^\{\s*"failed"/.test(text)).map(({ path }) => path);
  return `Support bundle of Tiebeam, made ${now.toISOString()}, looking back ${wish.days} days.

${wish.withNames ? WITH_NAMES : WITHOUT_NAMES}

Passwords, keys, secrets of webhooks, sessions and sign-in links are not read for it, and a file in which a credential of
this installation stands all the same is left out. Nothing was written to make it.
Lists show at most 200 rows; "total" says how many there are. Tiebeam keeps no log: add the lines of its standard error
from wherever you collect them, and read them first.

Files: ${files.map(({ path }) => path).join(', ')}
Could not be read: ${missing.join(', ') || 'none'}
`;
}
