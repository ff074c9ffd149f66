/**
 * Text that somebody outside wrote: a vendor's name, a description, a message of the ERP. It is isolated, so
 * that a right-to-left override inside it cannot turn the amount beside it around. Characters that cannot be
 * seen are counted in words.
 */
export function Untrusted({ text }: { text: string }) {
  const unseen = text.match(INVISIBLE)?.length ?? 0;
  return (
    <>
      {unseen > 0 ? (
        <span className="state tone-needs" title={codePoints(text)}>
          {unseen} hidden character{unseen === 1 ? '' : 's'}
        </span>
      ) : null}
      <bdi>{visibleText(text)}</bdi>
    </>
  );
}

/** Only what can be seen of a text, for a title or a file. */
export function visibleText(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(INVISIBLE, '') : '';
}

/** The code points of a text, for telling look-alikes apart. */
export function codePoints(text: string): string {
  return Array.from(
    text,
    (sign) => `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');
}

// Bidi controls, zero-width characters and the byte order mark.
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
