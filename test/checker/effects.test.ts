import { describe, expect, it } from 'vitest';
import { judge, violationsOf } from './judge.ts';
import { cases } from './judged-cases.ts';
import { type DraftEvidence, soundHistory } from './sound-history.ts';
import { INVARIANTS } from './tally.ts';

const documentOf = (evidence: DraftEvidence, id: string) =>
  evidence.target.documents.find((each) => each.id === id)!;
const rowOf = (evidence: DraftEvidence, key: string) =>
  evidence.ours.documents.find((each) => each.key === key)!;
const versionOf = (evidence: DraftEvidence, key: string) =>
  evidence.source.versions.find((each) => each.key === key)!;
const requestOf = (evidence: DraftEvidence, intent: string) =>
  evidence.target.requests!.find((each) => each.intent === intent)!;
const asked = { assigned: 'engineer', reason: 'somebody has to look' };

describe('a history in which everything went well', () => {
  it('is held by every invariant, I8 and I10 to I15 included', () => {
    const judgement = judge(soundHistory());
    expect(violationsOf(judgement)).toEqual([]);
    expect(INVARIANTS.filter((invariant) => judgement[invariant].verdict !== 'held')).toEqual([]);
  });

  it('says absent, not held, of whatever the evidence does not hold', () => {
    const judgement = judge({
      settled: false,
      target: { documents: [] },
      source: { versions: [] },
      ours: { documents: [] },
    });
    expect(INVARIANTS.filter((invariant) => judgement[invariant].verdict !== 'absent')).toEqual([]);
  });

  it('keeps the first findings of a flood and counts the rest', () => {
    const evidence = soundHistory();
    evidence.source.versions = Array.from({ length: 500 }, (_, at) => ({
      ...versionOf(evidence, 'D/1'),
      key: `X/${at}`,
    }));
    const { findings, violations } = judge(evidence).I2;
    expect(violations).toBeGreaterThanOrEqual(500);
    expect(findings.length).toBeLessThan(50);
  });
});

describe('documents', () => {
  cases('I1', {
    finds: [
      [
        'two documents carry one reference',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50 }),
      ],
      [
        'a second document stood for a moment only',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50, gone: 51 }),
      ],
      [
        'the second document carries a new reference, but is the same effect',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', reference: 'TX9' }),
      ],
      [
        'a cancelled document was created once more',
        (all) => {
          documentOf(all, '101').state = 'cancelled';
          all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50, state: 'posted' });
        },
      ],
      [
        'the first was reversed without an approval',
        (all) => {
          documentOf(all, '101').reversed = { at: 45, approval: null };
          all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50 });
        },
      ],
      [
        'two documents stood together, hidden behind one that came and went',
        (all) =>
          all.target.documents.push(
            { ...documentOf(all, '101'), id: '901', from: 13, gone: 13 },
            { ...documentOf(all, '101'), id: '902', from: 60 },
          ),
      ],
      [
        'one change took effect twice',
        (all) => all.target.requests!.push({ ...requestOf(all, 'i3'), at: 60, committed: 61 }),
      ],
      [
        'a change replaced what a person had entered, although we had read it since',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 20, readAt: 25, guardOffered: false };
        },
      ],
      [
        'a change ignored the guard that the target offers',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 29, readAt: 25, guardOffered: true };
        },
      ],
    ],
    lets: [
      [
        'a draft became a document with another id',
        (all) =>
          all.target.documents.push({
            ...documentOf(all, '101'),
            id: 'draft 9',
            from: 11,
            gone: 12,
            state: 'draft',
          }),
      ],
      [
        'it was created again after an approved reversal',
        (all) =>
          all.target.documents.push({
            ...documentOf(all, '101'),
            id: '90',
            from: 8,
            reversed: { at: 12, approval: 'ap7' },
          }),
      ],
      [
        'a repeated change found its content already there',
        (all) => {
          all.audit.intents.push({ id: 'i9', reference: 'TA2', committed: 59 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA2', at: 62, result: 'ok' });
          all.target.requests!.push({
            ...requestOf(all, 'i3'),
            intent: 'i9',
            at: 60,
            committed: 61,
            changed: false,
          });
        },
      ],
      [
        'a person edited between our last read and the effect, where the target offers no guard',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 30, readAt: 29, guardOffered: false };
        },
      ],
      [
        'two documents of others look alike',
        (all) => all.target.documents.push({ ...documentOf(all, '77'), id: '78' }),
      ],
    ],
  });

  cases('I2', {
    finds: [
      ['an approved version has no row', (all) => all.ours.documents.pop()],
      [
        'a document is under way for ever',
        (all) => {
          rowOf(all, 'D/1').question = null;
        },
      ],
      [
        'an exception is assigned to nobody',
        (all) => {
          rowOf(all, 'D/1').question = { ...asked, assigned: null };
        },
      ],
      [
        'an exception gives no reason',
        (all) => {
          rowOf(all, 'D/1').question = { ...asked, reason: '' };
        },
      ],
      [
        'a posting rests in unknown',
        (all) => {
          all.ours.postings![3]!.state = 'unknown';
        },
      ],
      [
        'a posted document is not there any more',
        (all) => {
          documentOf(all, '102').gone = 90;
        },
      ],
      [
        'a request item of a posted document was never closed',
        (all) => {
          all.source.requestItems![0]!.closings = [];
        },
      ],
      [
        'a request item was closed twice',
        (all) => all.source.requestItems![1]!.closings.push({ at: 30, result: 'success' }),
      ],
    ],
    lets: [
      [
        'an unsettled history still works on it',
        (all) => {
          all.settled = false;
          rowOf(all, 'D/1').question = null;
          all.ours.postings![3]!.state = 'unknown';
        },
      ],
      [
        'a version was replaced before it was sent, and left no row',
        (all) => {
          versionOf(all, 'D/1').ended = 'superseded';
          all.ours.documents.pop();
          all.source.requestItems!.pop();
          all.dashboard.counts['in-review'] = 0;
          all.dashboard.amounts!['in-review'] = 0n;
        },
      ],
      [
        'a posting that nobody knows stands in front of a person',
        (all) => {
          all.ours.postings!.push({ reference: 'TD1', document: 'row D/1', state: 'settling', attempts: 1 });
        },
      ],
    ],
  });

  cases('I3', {
    finds: [
      [
        'a row names an id that never existed',
        (all) => {
          rowOf(all, 'C/1').target = { system: 'erp', id: '999' };
        },
      ],
      [
        'a draft is taken for posted',
        (all) => {
          documentOf(all, '103').state = 'draft';
        },
      ],
      [
        'the content is not the approved one',
        (all) => {
          documentOf(all, '103').hash = 'something else';
        },
      ],
      [
        'an older version came back over a newer one',
        (all) => {
          documentOf(all, '101').hash = 'hash A/1';
        },
      ],
      [
        'the document carries another reference',
        (all) => {
          documentOf(all, '103').reference = 'TX9';
        },
      ],
      [
        'a document stands there and its row does not say posted',
        (all) => {
          rowOf(all, 'C/1').state = 'open';
        },
      ],
      [
        'a document with our reference is known to no row',
        (all) => all.target.documents.push({ ...documentOf(all, '103'), id: '901', reference: 'TX9' }),
      ],
      [
        'a person changed it there, and no drift is on record',
        (all) => {
          Object.assign(documentOf(all, '103'), { hash: 'edited', touchedByHuman: 60 });
        },
      ],
      [
        'the source was told another id',
        (all) => {
          all.source.origins![1]!.value = '103';
        },
      ],
      ['the source was never told the id', (all) => all.source.origins!.pop()],
    ],
    lets: [
      [
        'a person changed it there, and the drift is on record',
        (all) => {
          Object.assign(documentOf(all, '103'), { hash: 'edited', touchedByHuman: 60 });
          rowOf(all, 'C/1').question = { ...asked, about: 'drift' };
        },
      ],
      [
        'a person changed it there, where nobody looks for drift yet',
        (all) => {
          Object.assign(documentOf(all, '103'), { hash: 'edited', touchedByHuman: 60 });
          all.ours.watchesDrift = false;
        },
      ],
      [
        'an order turned up late, and a person has been asked about it',
        (all) => {
          const late = { ...documentOf(all, '103'), id: '104', reference: 'TD1', key: 'D/1', from: 80 };
          all.target.documents.push({ ...late, header: 500_00n, lines: [500_00n], tax: 0n, retention: 0n });
        },
      ],
      [
        'a sweep has asked about a document without a row',
        (all) => {
          all.target.documents.push({ ...documentOf(all, '103'), id: '9', reference: 'TX9', key: null });
          all.ours.findings!.push({ reference: 'TX9', question: asked });
        },
      ],
    ],
  });
});

describe('money and order', () => {
  cases('I4', {
    finds: [
      [
        'lines miss the header by one cent',
        (all) => {
          documentOf(all, '103').lines![0] = 295_01n;
        },
      ],
      [
        'one cent less stands there than was approved',
        (all) => {
          versionOf(all, 'C/1').amount = 300_01n;
          rowOf(all, 'C/1').amount = 300_01n;
          all.dashboard.amounts!.confirmed = 62_500_01n;
        },
      ],
      [
        'the amount stands there in another currency',
        (all) => {
          documentOf(all, '103').currency = 'CAD';
        },
      ],
      [
        'retention was added instead of taken off',
        (all) => {
          documentOf(all, '103').retention = -3_00n;
        },
      ],
      [
        'a journal is balanced only over two companies',
        (all) => {
          all.target.journals![0]!.lines[2]!.company = '2';
        },
      ],
      [
        'a pending amount is not the approved one, beyond what a binary float can tell',
        (all) => {
          versionOf(all, 'D/1').amount = '90071992547409931';
          rowOf(all, 'D/1').amount = '90071992547409930';
        },
      ],
      ['an approved amount is in no sum', (all) => all.ours.documents.pop()],
    ],
    lets: [
      [
        'amounts come as text and as integers',
        (all) => {
          versionOf(all, 'C/1').amount = '30000';
          documentOf(all, '103').header = '30000';
        },
      ],
      [
        'an earlier version was for another amount',
        (all) => {
          versionOf(all, 'A/1').amount = 1n;
          rowOf(all, 'A/1').amount = 1n;
          all.dashboard.amounts!.confirmed = 61_500_01n;
        },
      ],
    ],
  });

  cases('I5', {
    finds: [
      [
        'a later version took effect first',
        (all) => {
          requestOf(all, 'i3').committed = 11.5;
        },
      ],
      [
        'an earlier version took effect once more after a later one',
        (all) => all.target.requests!.push({ ...requestOf(all, 'i1'), kind: 'set', at: 70, committed: 71 }),
      ],
      [
        'an invoice stood before its order',
        (all) => {
          documentOf(all, '103').from = 11;
          requestOf(all, 'i4').committed = 11;
        },
      ],
      [
        'an invoice stands although its order never did',
        (all) => {
          versionOf(all, 'C/1').after = ['D/1'];
        },
      ],
    ],
    lets: [
      [
        'records overtake each other',
        (all) => {
          documentOf(all, '102').from = 200;
          requestOf(all, 'i2').committed = 200;
          all.source.requestItems![1]!.closings[0]!.at = 201;
        },
      ],
      [
        'what it builds on was replaced before it was sent',
        (all) => {
          versionOf(all, 'C/1').after = ['E/1'];
        },
      ],
      [
        'two versions took effect in one instant',
        (all) => {
          requestOf(all, 'i3').committed = 12;
        },
      ],
    ],
  });
});
