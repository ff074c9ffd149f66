import type { CheckFinding } from '../../connectors/connector.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { latestSelfTest } from '../../store/settings/self-test.ts';
import {
  countsByState,
  type FailingLane,
  laneAges,
  lastLooks,
  quarantined,
  type Shown,
  type SupportConnection,
  type SupportPosting,
  supportConnections,
  type TroubledDocument,
  trailsOf,
  troubledDocuments,
  troubledPostings,
} from '../../store/views/support-view.ts';
import type { SystemForm } from '../set-up/connection.ts';
import { shownSettings } from './shown-settings.ts';
import type { Telling } from './told.ts';

export type Section = (tx: Tx) => Promise<unknown>;

const MOST_REASONS = 20;

/** What is read of one tenant, by the file that it goes into. */
export function tenantSections(
  { words, named, id }: Telling,
  { since, systems }: { readonly since: Date; readonly systems: readonly SystemForm[] },
): Readonly<Record<string, Section>> {
  return {
    async connections(tx) {
      const rows = await supportConnections(tx);
      return Promise.all(
        rows.map(async (row) => ({ ...connection(row), selfTest: await selfTest(tx, row.id) })),
      );
    },
    counts: countsByState,
    async documents(tx) {
      const rows = await troubledDocuments(tx, since);
      const trails = Map.groupBy(
        await trailsOf(
          tx,
          rows.map((row) => row.id),
        ),
        ({ document }) => document,
      );
      return shown(rows, (row) => ({ ...document(row), history: (trails.get(row.id) ?? []).map(event) }));
    },
    postings: async (tx) => shown(await troubledPostings(tx, since), posting),
    quarantined: async (tx) =>
      shown(await quarantined(tx, since), ({ reason, ...row }) => ({ ...row, reason: words(reason) })),
    async lanes(tx) {
      const { stages, failing } = await laneAges(tx);
      return { stages, failing: shown(failing, lane) };
    },
    looks: lastLooks,
  };

  function connection({ name, config, health, secrets: _never, ...row }: SupportConnection) {
    const form = systems.find((each) => each.id === row.system);
    const { ok, message, checkedAt, lastReadAt } = health;
    return {
      ...row,
      name: named(name),
      settings: form === undefined ? 'no such system here' : shownSettings(form.fields, config),
      health: { ok, checkedAt, lastReadAt, message: words(message) },
    };
  }

  async function selfTest(tx: Tx, at: string) {
    const last = await latestSelfTest(tx, at);
    if (last === null) return null;
    return {
      startedAt: last.startedAt,
      seen: last.seen,
      findings: last.findings.map((each) => finding(each, words)),
    };
  }

  function document(row: TroubledDocument) {
    const { number, title, vendor_name, amount_minor, currency, reasons, waits, total: _, ...facts } = row;
    return {
      ...facts,
      part: id(row.part),
      source_id: id(row.source_id),
      project_id: id(row.project_id),
      ...named({ number, title, vendor_name, amount_minor, currency }),
      reasonCount: reasons.length,
      reasons: reasons.slice(0, MOST_REASONS).map(({ code, owner, field, message, remedy }) => ({
        code,
        owner: words(owner),
        field: words(field),
        message: words(message),
        remedy: words(remedy),
      })),
      waits: waits.slice(0, MOST_REASONS).map(({ kind, key }) => ({ kind, key: named(key) })),
    };
  }

  function event({ at, kind, actor, entry }: { at: Date; kind: string; actor: string; entry: string }) {
    return { at, kind, ...named({ actor, entry }) };
  }

  function posting({ total: _, reason, attempts, ...row }: SupportPosting) {
    return {
      ...row,
      reason: words(reason),
      attempts: attempts.map(({ outcome, ...attempt }) => ({
        ...attempt,
        outcome: outcome && {
          kind: outcome.kind,
          why: words(outcome.why),
          errors: outcome.errors?.slice(0, MOST_REASONS).map(({ message }) => words(message)),
        },
      })),
    };
  }

  function lane({ total: _, last_error, ...row }: FailingLane) {
    return { ...row, last_error: words(last_error) };
  }
}

export function finding(
  { subject, ok, message, remedy, unproven }: CheckFinding,
  words: Telling['words'],
): object {
  return { subject: words(subject), ok, unproven, message: words(message), remedy: words(remedy) };
}

function shown<Row extends { readonly total: number }>(
  rows: readonly Row[],
  view: (row: Row) => object,
): Shown<object> {
  return { total: rows[0]?.total ?? 0, rows: rows.map(view) };
}
