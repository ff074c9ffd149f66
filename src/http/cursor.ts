import { HttpProblem } from './problems.ts';

/** A page's end as an opaque text: clients hand it back and never build one. */
export function encodeCursor(seq: string): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined || cursor === '') return null;
  const match = /^seq:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match?.[1])
    throw new HttpProblem(400, 'Not valid', 'The cursor is not one of ours; start at the first page.');
  return match[1];
}
