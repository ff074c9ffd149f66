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
        'a change stood on a comparison that an earlier attempt had used up',
        (all) => {
          all.audit.intents.push({ id: 'i0', reference: 'TA2', committed: 28 });
          all.audit.outcomes.push({ intent: 'i0', reference: 'TA2', at: 29, result: 'not-sent' });
          requestOf(all, 'i3').overwrote = { editedAt: 29, readAt: 27, guardOffered: false };
        },
        'TA2: at 32 it replaced what a person had entered at 29',
      ],
      [
        'a change was never compared at all',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 29, readAt: null, guardOffered: false };
        },
        'TA2: at 32 it replaced what a person had entered at 29',
      ],
      [
        'two documents carry one reference',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50 }),
        'reference TA1: 101 and 901 stood together from 50',
      ],
      [
        'a second document stood for a moment only',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50, gone: 51 }),
        'reference TA1: 101 and 901 stood together from 50',
      ],
      [
        'the second document carries a new reference, but is the same effect',
        (all) => all.target.documents.push({ ...documentOf(all, '101'), id: '901', reference: 'TX9' }),
        'A/1: 101 and 901 stood together from 12',
      ],
      [
        'a cancelled document was created once more',
        (all) => {
          documentOf(all, '101').state = 'cancelled';
          all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50, state: 'posted' });
        },
        'reference TA1: 101 and 901 stood together from 50',
      ],
      [
        'the first was reversed without an approval',
        (all) => {
          documentOf(all, '101').reversed = { at: 45, approval: null };
          all.target.documents.push({ ...documentOf(all, '101'), id: '901', from: 50 });
        },
        'reference TA1: 101 and 901 stood together from 50',
      ],
      [
        'two documents stood together, hidden behind one that came and went',
        (all) =>
          all.target.documents.push(
            { ...documentOf(all, '101'), id: '901', from: 13, gone: 13 },
            { ...documentOf(all, '101'), id: '902', from: 60 },
          ),
        'reference TA1: 101 and 902 stood together from 60',
      ],
      [
        'one change took effect twice',
        (all) => all.target.requests!.push({ ...requestOf(all, 'i3'), at: 60, committed: 61 }),
        'A/2: its set took effect at 32, 61',
      ],
      [
        'a change replaced what a person had entered, although we had read it since',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 20, readAt: 25, guardOffered: false };
        },
        'TA2: at 32 it replaced what a person had entered at 20',
      ],
      [
        'a change ignored the guard that the target offers',
        (all) => {
          requestOf(all, 'i3').overwrote = { editedAt: 29, readAt: 25, guardOffered: true };
        },
        'TA2: at 32 it replaced what a person had entered at 29',
      ],
    ],
    lets: [
      [
        'a change without a reference or a key is a write of others',
        (all) => {
          const foreign = { ...requestOf(all, 'i3'), reference: null, key: null };
          all.audit.intents.push({ id: 'i9', reference: 'T?', committed: 59 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'T?', at: 62, result: 'ok' });
          all.target.requests!.push({ ...foreign, intent: 'i9', at: 60, committed: 61 });
          all.audit.intents.push({ id: 'i10', reference: 'T?', committed: 63 });
          all.audit.outcomes.push({ intent: 'i10', reference: 'T?', at: 66, result: 'ok' });
          all.target.requests!.push({ ...foreign, intent: 'i10', at: 64, committed: 65 });
        },
      ],
      [
        'a create was refused and then sent again',
        (all) => {
          all.audit.intents.push({ id: 'i9', reference: 'TA1', committed: 9 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA1', at: 9.7, result: 'rejected' });
          all.target.requests!.push({ ...requestOf(all, 'i1'), intent: 'i9', at: 9.5, committed: null });
        },
      ],
      [
        'one document needs two changes, each by its own name',
        (all) => {
          requestOf(all, 'i3').write = 'header';
          all.audit.intents.push({ id: 'i9', reference: 'TA2L', committed: 32 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA2L', at: 36, result: 'ok' });
          const lines = { ...requestOf(all, 'i3'), write: 'lines', reference: 'TA2L', intent: 'i9' };
          all.target.requests!.push({ ...lines, at: 34, committed: 35 });
        },
      ],
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
        (all) => {
          const first = { ...documentOf(all, '101'), id: '90', from: 8 };
          all.target.documents.push({ ...first, reversed: { at: 12, approval: 'ap7' } });
          all.audit.intents.push({ id: 'i9', reference: 'TA1', committed: 6 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA1', at: 9, result: 'ok' });
          all.target.requests!.push({ ...requestOf(all, 'i1'), intent: 'i9', at: 7, committed: 8 });
        },
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
      [
        'an approved version has no row',
        (all) => all.ours.documents.pop(),
        'D/1 was approved, and we have no row for it',
      ],
      [
        'a document is under way for ever',
        (all) => {
          rowOf(all, 'D/1').question = null;
        },
        'D/1 is in-review and no named person is told why',
      ],
      [
        'an exception is assigned to nobody',
        (all) => {
          rowOf(all, 'D/1').question = { ...asked, assigned: null };
        },
        'D/1 is in-review and no named person is told why',
      ],
      [
        'an exception gives no reason',
        (all) => {
          rowOf(all, 'D/1').question = { ...asked, reason: '' };
        },
        'D/1 is in-review and no named person is told why',
      ],
      [
        'a posting rests in unknown',
        (all) => {
          all.ours.postings![3]!.state = 'unknown';
        },
        'posting TC1 rests in unknown, and nobody is told',
      ],
      [
        'a posted document is not there any more',
        (all) => {
          documentOf(all, '102').gone = 90;
        },
        'B/1 says posted as 102, but nothing stands there',
      ],
      [
        'a request item of a posted document was never closed',
        (all) => {
          all.source.requestItems![0]!.closings = [];
        },
        'request item r1 was never closed, and nobody is told why',
      ],
      [
        'a request item was closed twice',
        (all) => all.source.requestItems![1]!.closings.push({ at: 30, result: 'success' }),
        'request item r2 was closed 2 times',
      ],
    ],
    lets: [
      [
        'a document was taken back before its write was started',
        (all) => {
          Object.assign(rowOf(all, 'D/1'), { state: 'stopped' });
          all.ours.postings!.push({ reference: 'TD1', document: 'row D/1', state: 'ready', attempts: 0 });
        },
      ],
      [
        'a superseded version left a write behind that nobody will start',
        (all) => {
          all.ours.documents.push({
            ...rowOf(all, 'D/1'),
            id: 'row E/1',
            key: 'E/1',
            state: 'stopped',
            question: null,
            amount: 80_00n,
          });
          all.ours.postings!.push({ reference: 'TE1', document: 'row E/1', state: 'ready', attempts: 0 });
          all.dashboard.counts['in-review'] = 2;
          all.dashboard.amounts!['in-review'] = 580_00n;
        },
      ],
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
        'a row says refused, and its document stands',
        (all) => {
          Object.assign(rowOf(all, 'C/1'), { state: 'stopped', status: 'refused', question: asked });
        },
        '103 stands with TC1, its row says refused',
      ],
      [
        'other content than was approved was posted, and asked about only later',
        (all) => {
          documentOf(all, '103').hash = 'rounded';
          rowOf(all, 'C/1').question = { ...asked, about: 'drift' };
        },
        'C/1: 103 shows other content than was approved',
      ],
      [
        'a row says posted without an id',
        (all) => {
          rowOf(all, 'C/1').target = null;
        },
        'C/1: says posted without an id',
      ],
      [
        'what was posted is gone, and nobody is told',
        (all) => {
          documentOf(all, '103').gone = 90;
        },
        'C/1: 103 does not stand there any more, and nobody is told',
      ],
      [
        'a change took effect, and its row does not say so',
        (all) => {
          rowOf(all, 'A/2').state = 'open';
        },
        '101 shows what A/2 wants, but its row does not say posted',
      ],
      [
        'the source was told two ids, one after the other',
        (all) => {
          all.source.origins!.unshift({ key: 'A/1', at: 18, value: '100' });
        },
        'A was told the id 100 and then 101',
      ],
      [
        'content that a person had changed was taken over as approved',
        (all) => {
          Object.assign(documentOf(all, '103'), { hash: 'edited', touchedByHuman: 43.5 });
          rowOf(all, 'C/1').postedAt = 44;
          all.ours.watchesDrift = false;
        },
        'C/1: 103 shows other content than was approved',
      ],
      [
        'a row names an id that never existed',
        (all) => {
          rowOf(all, 'C/1').target = { system: 'erp', id: '999' };
        },
        'C/1: says posted as 999, which never existed',
      ],
      [
        'a draft is taken for posted',
        (all) => {
          documentOf(all, '103').state = 'draft';
        },
        'C/1: says posted, but 103 is draft',
      ],
      [
        'the content is not the approved one',
        (all) => {
          documentOf(all, '103').hash = 'something else';
        },
        'C/1: 103 shows other content than was approved',
      ],
      [
        'an older version came back over a newer one',
        (all) => {
          documentOf(all, '101').hash = 'hash A/1';
        },
        'A/2: 101 shows other content than was approved',
      ],
      [
        'the document carries another reference',
        (all) => {
          documentOf(all, '103').reference = 'TX9';
        },
        'C/1: 103 carries TX9, not TC1',
      ],
      [
        'a document stands there and its row does not say posted',
        (all) => {
          rowOf(all, 'C/1').state = 'open';
        },
        '103 stands with TC1, but no row says so',
      ],
      [
        'a document with our reference is known to no row',
        (all) => all.target.documents.push({ ...documentOf(all, '103'), id: '901', reference: 'TX9' }),
        '901 stands with TX9, which no row of ours knows',
      ],
      [
        'a person changed it there, and no drift is on record',
        (all) => {
          Object.assign(documentOf(all, '103'), { hash: 'edited', touchedByHuman: 60 });
        },
        'C/1: 103 shows other content than was approved',
      ],
      [
        'the source was told another id',
        (all) => {
          all.source.origins![1]!.value = '103';
        },
        'B stands as 102, its source was told 103',
      ],
      [
        'the source was never told the id',
        (all) => all.source.origins!.pop(),
        'C stands as 103, its source was told nothing',
      ],
    ],
    lets: [
      [
        'what was posted is gone, and a person is asked about it',
        (all) => {
          documentOf(all, '103').gone = 90;
          rowOf(all, 'C/1').question = asked;
        },
      ],
      [
        'a change was refused, and what it was to change stands',
        (all) => {
          all.target.requests = all.target.requests!.filter(({ key }) => key !== 'A/2');
          documentOf(all, '101').hash = 'hash A/1';
          Object.assign(documentOf(all, '101'), {
            header: 1_000_00n,
            lines: [1_000_00n],
            tax: 0n,
            retention: 0n,
          });
          Object.assign(rowOf(all, 'A/2'), {
            state: 'stopped',
            status: 'refused',
            shown: 'refused',
            question: asked,
          });
          all.dashboard.counts = { confirmed: 3, refused: 1, 'in-review': 1 };
          all.dashboard.amounts!.confirmed = 61_300_00n;
        },
      ],
      [
        'a change left other content there, and a person is asked about the change',
        (all) => {
          documentOf(all, '101').hash = 'half a change';
          Object.assign(rowOf(all, 'A/2'), { state: 'stopped', shown: 'conflict', question: asked });
        },
      ],
      [
        'a document stands there while its row is still under way',
        (all) => {
          all.settled = false;
          Object.assign(rowOf(all, 'C/1'), { state: 'open', shown: 'posting' });
        },
      ],
      [
        'the source shows the id of another document of the same record',
        (all) => {
          const value = all.source.origins!.pop()!;
          const row = all.ours.documents.find(({ key }) => key === value.key)!;
          row.writesOrigin = false;
        },
      ],
      [
        'ids are not written back',
        (all) => {
          all.ours.writesOrigin = false;
          all.source.origins = [];
        },
      ],
      [
        'a person changed it after it was posted, where nobody looks for drift yet',
        (all) => {
          Object.assign(documentOf(all, '103'), {
            hash: 'edited',
            touchedByHuman: 60,
            header: 1n,
            lines: [1n],
            tax: 0n,
            retention: 0n,
          });
          rowOf(all, 'C/1').postedAt = 44;
          all.ours.watchesDrift = false;
        },
      ],
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
        'an amount is kept in another currency',
        (all) => {
          rowOf(all, 'D/1').currency = 'CAD';
        },
        'D/1: approved in USD, kept in CAD',
      ],
      [
        'lines miss the header by one cent',
        (all) => {
          documentOf(all, '103').lines![0] = 295_01n;
        },
        '103: its parts come to 30001, its header says 30000',
      ],
      [
        'one cent less stands there than was approved',
        (all) => {
          versionOf(all, 'C/1').amount = 300_01n;
          rowOf(all, 'C/1').amount = 300_01n;
          all.dashboard.amounts!.confirmed = 62_500_01n;
        },
        '103: 30000 stands there, 30001 was approved',
      ],
      [
        'the amount stands there in another currency',
        (all) => {
          documentOf(all, '103').currency = 'CAD';
        },
        '103: stands in CAD, approved in USD',
      ],
      [
        'retention was added instead of taken off',
        (all) => {
          documentOf(all, '103').retention = -3_00n;
        },
        '103: its parts come to 30600, its header says 30000',
      ],
      [
        'a journal is balanced only over two companies',
        (all) => {
          all.target.journals![0]!.lines[2]!.company = '2';
        },
        'journal j1: 1 USD is out of balance by 600',
      ],
      [
        'a pending amount is not the approved one, beyond what a binary float can tell',
        (all) => {
          versionOf(all, 'D/1').amount = '90071992547409931';
          rowOf(all, 'D/1').amount = '90071992547409930';
        },
        'approved less posted, pending and rejected leaves 1 USD',
      ],
      [
        'an approved amount is in no sum',
        (all) => all.ours.documents.pop(),
        'approved less posted, pending and rejected leaves 50000 USD',
      ],
    ],
    lets: [
      [
        'the target shows no lines',
        (all) => {
          delete documentOf(all, '103').lines;
        },
      ],
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
        'A/2 took effect at 11.5, A/1 again or only at 12',
      ],
      [
        'an earlier version took effect once more after a later one',
        (all) => all.target.requests!.push({ ...requestOf(all, 'i1'), kind: 'set', at: 70, committed: 71 }),
        'A/2 took effect at 32, A/1 again or only at 71',
      ],
      [
        'an invoice stood before its order',
        (all) => {
          documentOf(all, '103').from = 11;
          requestOf(all, 'i4').committed = 11;
        },
        'C/1 took effect at 11, A/1 only at 12',
      ],
      [
        'an invoice stands although its order never did',
        (all) => {
          versionOf(all, 'C/1').after = ['D/1'];
        },
        'C/1 took effect, D/1 before it never did',
      ],
    ],
    lets: [
      [
        'only the later of two versions took effect',
        (all) => {
          Object.assign(versionOf(all, 'E/1'), { record: 'B', order: 0 });
        },
      ],
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
