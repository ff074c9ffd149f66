import type { DocumentRow, PostingRow } from './database.ts';
import type { World } from './world.ts';

/** Names an effect by what the source holds: a record in one of its versions. */
export function keyOf({ source, recordVersion }: DocumentRow): string {
  return `${source} v${recordVersion}`;
}

export function intentId({ db }: World, { id }: PostingRow, attempt: number): string {
  return `${id}/${db.installation.epoch}/${attempt}`;
}
