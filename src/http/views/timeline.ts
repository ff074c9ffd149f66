import { z } from 'zod';
import type { TrailRow } from '../../store/document-trail-view.ts';
import type { DocumentDetailRow } from '../../store/document-view.ts';
import type { TimelineEntry } from '../schemas.ts';
import { instant } from './amounts.ts';

type Entry = z.infer<typeof TimelineEntry>;

const Told = z.object({ sentence: z.string().optional(), message: z.string().optional() });

/** What happened to a document: its own milestones and its audited events, oldest first. */
export function timelineOf(document: DocumentDetailRow, trail: readonly TrailRow[]): Entry[] {
  const milestones = [
    milestone(document.planned_at, 'planned', 'Planned from the source record.'),
    milestone(document.posted_at, 'posted', `Stands in ${document.target_system}.`),
    milestone(document.confirmed_at, 'confirmed', `Confirmed in ${document.source_system}.`),
  ].flat();
  const audited = trail.map((row) => ({
    at: instant(row.at),
    kind: row.kind,
    actor: row.actor,
    sentence: sentenceOf(row),
    auditSeq: Number(row.seq),
  }));
  return [...milestones, ...audited].sort((a, b) =>
    a.at === b.at ? (a.auditSeq ?? 0) - (b.auditSeq ?? 0) : a.at < b.at ? -1 : 1,
  );
}

function milestone(at: Date | null, kind: string, sentence: string): Entry[] {
  return at === null ? [] : [{ at: instant(at), kind, actor: 'Tiebeam', sentence, auditSeq: null }];
}

function sentenceOf(row: TrailRow): string {
  const told = Told.safeParse(parsed(row.entry)).data;
  if (told?.sentence) return told.sentence;
  const words = row.kind.replaceAll(/[-._]/g, ' ');
  const kind = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return told?.message ? `${kind}: ${told.message}` : `${kind}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
