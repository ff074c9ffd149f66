import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Read, WireRequest, Write } from '../../domain/posting/writes.ts';
import { classifyImport, fieldErrors, json } from './errors.ts';
import { type Booked, job, type LineError } from './wire.ts';

/** What every document has, whatever it is. */
type Imported = {
  readonly reference: string;
  readonly revision: number;
  readonly accountingDate: string;
  readonly sourceUrl: string;
};

type Document = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A document goes as a group of its own, so that nothing else can refuse it. */
export function encodeImport(body: Imported, document: Document): WireRequest {
  const { reference, revision, sourceUrl: note, accountingDate: date } = body;
  const documents = [{ reference, revision, note, date, ...document }];
  return encodeGroup(reference, ...documents);
}

export function encodeGroup(reference: string, ...documents: readonly Document[]): WireRequest {
  return {
    method: 'POST',
    path: '/import-groups',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ group_reference: reference, documents }),
  };
}

type Following = {
  readonly reference: string;
  /** Our line keys behind the lines that are sent, for a refusal to name. */
  readonly keys: () => readonly string[];
  /** Which of the ids of what was booked is the one that we go on with. */
  readonly idOf: (booked: Booked) => string;
  /** Whether it may be our own lost attempt that stands in the way of this one; the probe then decides. */
  readonly mayBeOurs: (errors: readonly LineError[], read: Read) => boolean | Promise<boolean>;
};

/** Ledgerline answers every import with a job, and the job says later what became of it. */
export function followed(following: Following): Required<Pick<Write, 'classify' | 'poll'>> {
  const { reference, keys, idOf, mayBeOurs } = following;
  return {
    classify: classifyImport,
    async poll(read, handle): Promise<Outcome> {
      const unknown = (why: string): Outcome => ({ kind: 'unknown', why: `job ${handle} ${why}` });
      const path = `/jobs/${encodeURIComponent(handle)}`;
      const { status, body } = await read({ method: 'GET', path });
      // Ledgerline forgets jobs; whether the documents stand is then for the probe to say.
      if (status === 404) return unknown('is not known any more');
      const { data: answer } = job.safeParse(json(body));
      if (answer === undefined) return unknown('is shown in an unknown form');
      if (answer.status === 'refused') {
        const { errors } = answer;
        if (await mayBeOurs(errors, read)) return unknown(`was refused: ${errors[0]?.message}`);
        return { kind: 'refused', errors: fieldErrors(errors, keys()) };
      }
      if (answer.status !== 'done') return { kind: 'accepted', handle };
      const booked = answer.documents.find((each) => each.reference === reference);
      return booked
        ? { kind: 'posted', id: idOf(booked) }
        : unknown(`is done but does not name ${reference}`);
    },
  };
}
