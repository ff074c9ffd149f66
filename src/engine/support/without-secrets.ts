import type { ArchivedFile } from '../../lib/tar.ts';

// A shorter one stands in many a word by chance.
const SHORTEST = 6;

/**
 * The last look before files leave: what is shown was chosen column by column, and a credential that stands in it all the
 * same, because a system repeated it in its answer, takes its whole file with it.
 */
export function withoutSecrets(
  files: readonly ArchivedFile[],
  secrets: readonly string[],
): readonly ArchivedFile[] {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  return files.map((file) => {
    if (!forms.some((form) => file.text.includes(form))) return file;
    return {
      path: file.path,
      text: `${JSON.stringify({ failed: 'Left out: a credential of this installation stood in it.' })}\n`,
    };
  });
}
