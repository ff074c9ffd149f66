import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import { cases } from './judged-cases.ts';
import { soundHistory } from './sound-history.ts';

describe('what no one may see or do', () => {
  cases('I8', {
    finds: [
      [
        'an answer shows a mark of another tenant',
        (all) => all.isolation.found.push({ where: 'GET /audit', tenant: 'ours', of: 'theirs' }),
        'GET /audit of ours shows a mark of theirs',
      ],
      [
        'a log of another tenant shows a mark of ours',
        (all) => all.isolation.found.push({ where: 'log', tenant: 'theirs', of: 'ours' }),
        'log of theirs shows a mark of ours',
      ],
    ],
    lets: [
      [
        'a tenant sees its own mark',
        (all) => all.isolation.found.push({ where: 'log', tenant: 'theirs', of: 'theirs' }),
      ],
    ],
  });

  cases('I10', {
    finds: [
      [
        'a change by a model went around the gate',
        (all) => all.proposals.changes.push({ what: 'mapping 9', passed: ['parsed'] }),
        'mapping 9 came from a model and did not pass gate',
      ],
      [
        'without the model it does not work',
        (all) => {
          all.proposals.rightWithoutModel = false;
        },
        'without the model, posting is not right',
      ],
    ],
    lets: [
      [
        'a proposal passed more than it had to',
        (all) => all.proposals.changes.push({ what: 'mapping 9', passed: ['gate', 'parsed', 'extra'] }),
      ],
      [
        'nobody tried it without the model',
        (all) => {
          all.proposals.rightWithoutModel = null;
        },
      ],
    ],
  });

  cases('I11', {
    finds: [
      [
        'a write arrived while the connection was read-only',
        (all) => {
          all.target.phases![0]!.until = 12;
        },
        'books is read-only, a create arrived at 11',
      ],
      [
        'the way out counted a write',
        (all) => {
          all.target.phases![0]!.egress!.writes = 1;
        },
        'books is read-only, 1 writes went out',
      ],
      [
        'a write itself was seen in the read-only phase',
        (all) => {
          all.target.requests![0]!.phase = 'read-only';
        },
        'books is read-only, a create arrived at 11',
      ],
    ],
    lets: [
      [
        'another connection is read-only all the time',
        (all) => all.target.phases!.push({ connection: 'other', phase: 'read-only', from: 0, until: null }),
      ],
      [
        'it became read-only after the last write',
        (all) => all.target.phases!.push({ connection: 'books', phase: 'read-only', from: 60, until: null }),
      ],
      [
        'sign-ins and reads by POST went out',
        (all) => {
          all.target.phases![0]!.egress!.exempt = 500;
        },
      ],
    ],
  });

  cases('I12', {
    finds: [
      [
        'delivering everything again changed something outside',
        (all) => {
          all.replays[0]!.after = 'digest 2';
        },
        '12 deliveries once more turned digest 1 into digest 2',
      ],
      [
        'only the second time changed something',
        (all) => all.replays.push({ deliveries: 12, before: 'digest 1', after: 'digest 3' }),
        '12 deliveries once more turned digest 1 into digest 3',
      ],
    ],
    lets: [
      [
        'the second time changed nothing either',
        (all) => all.replays.push({ deliveries: 24, before: 'digest 1', after: 'digest 1' }),
      ],
      [
        'nothing was delivered, and the outside changed by itself',
        (all) => all.replays.push({ deliveries: 0, before: 'digest 1', after: 'digest 4' }),
      ],
    ],
  });
});

describe('bounds and honesty', () => {
  cases('I13', {
    finds: [
      [
        'a posting took one attempt too many',
        (all) => {
          all.ours.postings![0]!.attempts = 9;
        },
        'TA1 took 9 attempts, at most 8 are allowed',
      ],
      [
        'more than a tenth of the calls were retries',
        (all) => {
          all.work.calls!.perConnection[0]!.retries = 11;
        },
        'books repeated 11 of 100 calls',
      ],
      [
        'the queue outgrew its bound',
        (all) => {
          all.work.peaks![0]!.seen = 101;
        },
        'queue depth reached 101, at most 100 is allowed',
      ],
    ],
    lets: [
      [
        'a posting took all the attempts that it has',
        (all) => {
          all.ours.postings![0]!.attempts = 8;
        },
      ],
      [
        'the queue reached its bound',
        (all) => {
          all.work.peaks![0]!.seen = 100;
        },
      ],
    ],
  });

  cases('I14', {
    finds: [
      [
        'after a crash a document stands twice',
        (all) => all.target.documents.push({ ...all.target.documents[0]!, id: '901', from: 50 }),
        'I1 does not hold after 2 crashes: reference TA1: 101 and 901 stood together from 50',
      ],
      [
        'after a crash an intent has no outcome',
        (all) => all.audit.outcomes.pop(),
        'I6 does not hold after 2 crashes: intent i4 has no outcome',
      ],
    ],
    lets: [],
  });

  it('I14 is absent, not held, where nothing crashed', () => {
    const evidence = soundHistory();
    evidence.crashes = 0;
    evidence.target.documents.push({ ...evidence.target.documents[0]!, id: '901', from: 50 });
    expect(judge(evidence).I14.verdict).toBe('absent');
  });

  cases('I15', {
    finds: [
      [
        'the dashboard counts one too many',
        (all) => {
          all.dashboard.counts.confirmed = 5;
        },
        '5 are shown as confirmed, the ledger has 4',
      ],
      [
        'the dashboard leaves a status out',
        (all) => {
          delete all.dashboard.counts['in-review'];
        },
        '0 are shown as in-review, the ledger has 1',
      ],
      [
        'the dashboard adds up to a cent less',
        (all) => {
          all.dashboard.amounts!.confirmed = 62_499_99n;
        },
        '6249999 is shown as confirmed, the ledger comes to 6250000',
      ],
      [
        'a waiting document is listed as one that was refused',
        (all) => {
          Object.assign(all.ours.documents[4]!, { listed: 'refused' });
        },
        'D/1 is listed as refused, its row says in-review',
      ],
      [
        'a waiting document is left out of the list',
        (all) => {
          Object.assign(all.ours.documents[4]!, { listed: null });
        },
        'D/1 is in no list',
      ],
      [
        'a waiting document is shown as synced',
        (all) => {
          all.ours.documents[4]!.shown = 'synced';
        },
        'D/1 is shown as synced: its row says open',
      ],
      [
        'a document is shown as synced whose content differs there',
        (all) => {
          all.target.documents[2]!.hash = 'something else';
        },
        'C/1 is shown as synced: 103 shows other content than was approved',
      ],
      [
        'the sender heard of success before the effect',
        (all) => {
          all.source.requestItems![0]!.closings[0]!.at = 11;
        },
        'r1 was told success at 11, A/1 took effect only at 12',
      ],
      [
        'the sender heard of success before the outcome was recorded',
        (all) => {
          all.source.requestItems![1]!.closings[0]!.at = 17;
        },
        'r2 was told success at 17, before its outcome was recorded at 18',
      ],
      [
        'the sender heard of success, and nothing ever stood there',
        (all) => {
          all.source.requestItems![2]!.closings = [{ at: 50, result: 'success' }];
        },
        'r3 was told success, D/1 never took effect',
      ],
    ],
    lets: [
      [
        'a request that belongs to no document was answered',
        (all) =>
          all.source.requestItems!.push({ id: 'r9', key: null, closings: [{ at: 5, result: 'success' }] }),
      ],
      [
        'an unchanged export of what stands was answered once more',
        (all) =>
          all.source.requestItems!.push({ id: 'r9', key: 'A/2', closings: [{ at: 90, result: 'success' }] }),
      ],
      [
        'the sender of a document in review heard of failure',
        (all) => {
          all.source.requestItems![2]!.closings = [{ at: 50, result: 'failed' }];
        },
      ],
      [
        'the dashboard shows a status that no document has, as zero',
        (all) => {
          all.dashboard.counts.conflict = 0;
        },
      ],
    ],
  });
});
