/** A fault of the model that no attack draws: the tests that hold what it demands, or why there is none. */
export type OtherFault = {
  readonly id: string;
  readonly says: string;
  readonly tests?: readonly string[];
  /** What is missing, where something is. */
  readonly absent?: string;
};

export const otherFaults: readonly OtherFault[] = [
  {
    id: 'W4',
    says: 'a forged webhook: no secret, a wrong one, one of another tenant, one in the address',
    tests: ['src/http/webhooks.db.test.ts', 'src/http/auth/hook-secret.test.ts'],
  },
  { id: 'W5', says: 'a body that names another company', tests: ['src/http/webhooks.db.test.ts'] },
  {
    id: 'W6',
    says: 'a body that is huge, deep, broken or of a version that nobody knows',
    tests: [
      'test/procore/fuzz.test.ts',
      'test/procore/fuzz-http.test.ts',
      'test/procore/fuzz-requests.test.ts',
      'src/http/webhook-body.test.ts',
    ],
  },
  {
    id: 'W7',
    says: 'thousands of events from one edit',
    tests: ['src/engine/watch/directory.db.test.ts', 'src/engine/intake/intake.db.test.ts'],
  },
  {
    id: 'W11',
    says: 'unlink, reset and un-sync events',
    tests: ['test/scenarios/every-event.test.ts', 'test/scenarios/erp-events.test.ts'],
  },
  {
    id: 'P8',
    says: 'amounts, dates and time zones at their edges',
    tests: [
      'src/domain/values/decimal.test.ts',
      'src/domain/values/calendar-date.test.ts',
      'src/lib/decimal-json.test.ts',
    ],
  },
  {
    id: 'P10',
    says: 'stamps that lag behind, so that a window misses a change',
    tests: ['src/procore/events/change-cursor.test.ts'],
    absent:
      'a clock that is ten minutes off: the overlap is two minutes, and a quarter of an hour at the newest change',
  },
  { id: 'P11', says: 'fields that are missing or of another type', tests: ['test/procore/fuzz.test.ts'] },
  {
    id: 'E13',
    says: 'certificates that nobody signed, a server without TLS',
    tests: ['src/lib/door.test.ts', 'src/procore/http/errors.test.ts'],
  },
  { id: 'E14', says: 'a clock that signed requests depend on', absent: 'no connector signs with a time yet' },
  {
    id: 'E20',
    says: 'another company answers at the address',
    tests: ['test/scenarios/reference-sweep.test.ts', 'test/scenarios/self-test.test.ts'],
  },
  { id: 'E23', says: 'an answer that redirects', tests: ['src/lib/door.test.ts'] },
  {
    id: 'D7',
    says: 'a database of a newer Tiebeam, an edited migration',
    tests: ['src/store/database/migrate.db.test.ts'],
  },
  {
    id: 'D8',
    says: 'a day of 23 or 25 hours',
    tests: ['src/domain/values/calendar-date.test.ts'],
    absent: 'a jump of the clock itself: leases are by the clock of the database, which nothing here sets',
  },
  {
    id: 'D9',
    says: 'entries of the audit chain are edited, cut off or written anew by whoever owns the database',
    tests: [
      'src/domain/audit/audit-chain.test.ts',
      'src/domain/audit/audit-anchor.test.ts',
      'src/engine/watch/anchor.db.test.ts',
    ],
  },
  { id: 'D10', says: 'a transaction that is left open', tests: ['src/store/database/pools.db.test.ts'] },
  {
    id: 'Q4',
    says: 'one tenant floods',
    tests: ['test/scenarios/isolation.test.ts', 'src/store/work/lane.db.test.ts'],
  },
  { id: 'Q5', says: 'one record blocks what comes behind it', tests: ['src/engine/post/behind.db.test.ts'] },
  {
    id: 'Q7',
    says: 'a daily run starts twice, or was missed',
    tests: ['src/store/work/schedule.db.test.ts', 'test/scenarios/reference-sweep.test.ts'],
  },
  { id: 'H8', says: 'many approvals in one click', absent: 'each document is approved by itself' },
  { id: 'H9', says: 'a name that turns the text around', tests: ['test/browser/documents.test.ts'] },
  { id: 'H10', says: 'an emergency', absent: 'nobody can go past the gate, also not two people together' },
  {
    id: 'C2',
    says: 'a wrong mapping',
    absent: 'an accountant sets it alone; who set it may not approve what uses it, and codes are checked',
  },
  {
    id: 'C3',
    says: 'a secret is exchanged',
    tests: ['src/http/webhook-hooks.test.ts', 'src/engine/set-up/connection.db.test.ts'],
  },
  {
    id: 'C4',
    says: 'a connection is pointed at another company or login',
    tests: ['test/scenarios/reference-sweep.test.ts'],
  },
  {
    id: 'C6',
    says: 'a new version writes the same content otherwise',
    tests: ['src/domain/values/canonical.test.ts', 'src/domain/audit/audit-chain.test.ts'],
    absent: 'the hash of a payload names no version of its form',
  },
  { id: 'A1 to A10', says: 'what a model can do wrong', absent: 'nothing asks a model yet' },
  { id: 'F1, F2', says: 'XML and archives that attack their reader', absent: 'neither is read' },
  {
    id: 'F3',
    says: 'a formula in an exported table',
    tests: ['web/src/pages/documents/documents-csv.test.ts'],
  },
  { id: 'F4', says: 'a pattern that never ends', absent: 'nobody can enter patterns' },
  {
    id: 'F5',
    says: 'a file that is something else than it says',
    tests: ['src/http/headers.db.test.ts'],
    absent: 'files of Procore are passed on to the ERP as they are, and never opened',
  },
];
