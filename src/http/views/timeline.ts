import type { z } from 'zod';
import type { TrailRow } from '../../store/views/document-trail-view.ts';
import type { DocumentDetailRow } from '../../store/views/document-view.ts';
import type { TimelineEntry } from '../schemas/documents.ts';
import { instant } from './amounts.ts';
import { Facts, sentenceOf } from './sentences.ts';

type Entry = z.infer<typeof TimelineEntry>;

/** What happened to a document: its plan and its audited events, oldest first. */
export function timelineOf(document: DocumentDetailRow, trail: readonly TrailRow[]): Entry[] {
  const told = new Set(trail.map((row) => row.kind));
  const milestones = [
    milestone(document.planned_at, 'planned', 'Planned from the source record.'),
    told.has('document-posted')
      ? []
      : milestone(document.posted_at, 'posted', `Stands in ${document.target_system}.`),
    told.has('document-confirmed')
      ? []
      : milestone(document.confirmed_at, 'confirmed', `Confirmed in ${document.source_system}.`),
  ].flat();
  const audited = trail.map((row) => ({
    at: instant(row.at),
    kind: row.kind,
    actor: row.actor,
    sentence: sentenceOf(row.kind, factsIn(row.entry)),
    auditSeq: Number(row.seq),
  }));
  return [...milestones, ...audited].sort((a, b) =>
    a.at === b.at ? (a.auditSeq ?? 0) - (b.auditSeq ?? 0) : a.at < b.at ? -1 : 1,
  );
}

function milestone(at: Date | null, kind: string, sentence: string): Entry[] {
  return at === null ? [] : [{ at: instant(at), kind, actor: 'tiebeam', sentence, auditSeq: null }];
}

function factsIn(entry: string): Facts {
  return Facts.safeParse(parsed(entry)).data ?? {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
