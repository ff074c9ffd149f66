import { waitKeys } from '../reasons.ts';
import type { CommitmentLine } from '../records.ts';
import type { Findings } from './plan-findings.ts';

/** A part of a project that a line belongs to, as the source names it. */
export type SubJobRef = { readonly id: string; readonly name: string };

/** Where the ERP books what belongs to a sub job of the source. */
export type SubJobPlace =
  /** On the sub job of its own that is linked to it. */
  | { readonly kind: 'part'; readonly code: string }
  /** It keeps sub jobs, and nobody sent this one yet. */
  | { readonly kind: 'unlinked' }
  /** It keeps none, and somebody decided that the whole job bears what belongs to them. */
  | { readonly kind: 'job' }
  /** It keeps none, and nobody decided anything. */
  | { readonly kind: 'undecided' };

/** Answers for each sub job by its id; where nobody can answer, none is decided. */
export type SubJobPlaces = (subJobId: string) => SubJobPlace;

/** The ERP's sub job of a line: undefined where the job itself bears it, null where that is not known. */
export function subJobFor(
  line: Pick<CommitmentLine, 'position' | 'subJob'>,
  places: SubJobPlaces | undefined,
  found: Findings,
): string | undefined | null {
  const { subJob } = line;
  if (subJob === undefined) return undefined;
  const place = places?.(subJob.id) ?? { kind: 'undecided' };
  if (place.kind === 'part') return place.code;
  if (place.kind === 'job') return undefined;
  const isUnlinked = place.kind === 'unlinked';
  found.wait('record', waitKeys.record('sub-job', subJob.id), {
    code: 'sub-job-unplaced',
    owner: 'accountant',
    field: `line ${line.position}`,
    message: isUnlinked
      ? `Sub job "${subJob.name}" is not in the ERP yet.`
      : `It belongs to sub job "${subJob.name}", and the ERP keeps no sub jobs.`,
    remedy: isUnlinked
      ? 'Send the sub job to the ERP from Procore; this follows by itself.'
      : 'Code it to the project itself in Procore, or decide in the settings of the connection that sub jobs post to their job.',
  });
  return null;
}
