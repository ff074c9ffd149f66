/** What is known of a posted document by the time that its record is marked. */
export type Told = {
  readonly erp: string;
  readonly number: string;
  readonly revision: number;
  readonly at: Date;
};

// No limit is published for the field: this is as long as an origin id may be.
const MAX_LENGTH = 255;
const MAX_NAME = 60;

/**
 * What people who support an integration look for beside an id: which system wrote it, as what, and when. It is read by
 * no program, holds no amounts and no names of people, and is never cut in the middle.
 */
export function supportNote({ erp, number, revision, at }: Told): string {
  const clip = (text: string) => [...text].slice(0, MAX_NAME).join('');
  const facts = { erp: clip(erp), document: clip(number), revision, synced_at: at.toISOString() };
  const note = JSON.stringify(facts);
  return note.length <= MAX_LENGTH ? note : JSON.stringify({ synced_at: facts.synced_at });
}
