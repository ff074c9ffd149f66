import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Chain } from './evidence.ts';
import { judge } from './judge.ts';
import { cases } from './judged-cases.ts';
import { chainOf, type Draft, type DraftEvidence, soundHistory } from './sound-history.ts';

const chain = (evidence: DraftEvidence) => evidence.audit.chains![0]!;

/** What a database owner can do: every hash after the change fits again, and so does the head. */
function rewritten({ tenant, domain, start, links, anchors = [] }: Draft<Chain>): Draft<Chain> {
  let previous = start;
  const fitting = links.map(({ entry }, index) => {
    const seq = BigInt(index + 1);
    const text = `${domain}\n${tenant}\n${seq}\n${previous}\n${entry}`;
    const link = { seq, entry, previous, hash: createHash('sha256').update(text).digest('hex') };
    previous = link.hash;
    return link;
  });
  return {
    tenant,
    domain,
    start,
    links: fitting,
    head: { seq: BigInt(fitting.length), hash: previous },
    anchors,
  };
}

describe('the audit trail', () => {
  cases('I6', {
    finds: [
      [
        'an intent is in the trail twice',
        (all) => all.audit.intents.push({ ...all.audit.intents[0]! }),
        'intent i1 is in the audit trail twice',
      ],
      [
        'a write belongs to nothing',
        (all) => {
          all.target.requests!.push({
            ...all.target.requests![0]!,
            intent: null,
            reference: null,
            key: null,
            at: 70,
            committed: null,
          });
        },
        'a write at 70 belongs to no intent',
      ],
      [
        'a write names an intent that was never committed',
        (all) => {
          all.target.requests![0]!.intent = 'i99';
        },
        'a write at 11 names intent i99, which was never committed',
      ],
      [
        'an outcome is of no intent',
        (all) => all.audit.outcomes.push({ intent: 'i99', reference: 'TA1', at: 99, result: 'ok' }),
        'an outcome names intent i99, which was never committed',
      ],
      [
        'a write has no intent',
        (all) => {
          all.audit.intents = all.audit.intents.filter(({ id }) => id !== 'i3');
        },
        'a write at 31 names intent i3, which was never committed',
      ],
      [
        'the first byte left before the intent was committed',
        (all) => {
          all.audit.intents[2]!.committed = 31.5;
        },
        'intent i3 was committed at 31.5, its first byte left at 31',
      ],
      [
        'one intent was sent twice',
        (all) => all.target.requests!.push({ ...all.target.requests![1]!, at: 17, committed: null }),
        'intent i2 was sent at 14 and again at 17',
      ],
      [
        'an unnamed write had no intent of its own',
        (all) => {
          const [first] = all.target.requests!;
          first!.intent = null;
          all.target.requests!.push({ ...first!, at: 17, committed: null });
        },
        'write 2 of TA1 at 17 had no intent of its own before it',
      ],
      [
        'an unnamed write came before its own intent, although an earlier one had one',
        (all) => {
          const [first] = all.target.requests!;
          first!.intent = null;
          all.audit.intents.push({ id: 'i9', reference: 'TA1', committed: 18 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA1', at: 19, result: 'absent' });
          all.target.requests!.push({ ...first!, at: 17, committed: null });
        },
        'write 2 of TA1 at 17 had no intent of its own before it',
      ],
      [
        'what an intent sent carries another reference',
        (all) => {
          all.target.requests![0]!.reference = 'TA7';
        },
        'intent i1 is for TA1, what it sent carries TA7',
      ],
      [
        'an intent is left without an outcome',
        (all) => {
          all.audit.outcomes = all.audit.outcomes.filter(({ intent }) => intent !== 'i4');
        },
        'intent i4 has no outcome',
      ],
      [
        'an unknown never turned out to be anything',
        (all) => all.audit.outcomes.splice(2, 1),
        'TB1 was unknown at 16, and nothing says what it turned out to be',
      ],
      [
        'an outcome is older than its intent',
        (all) => {
          all.audit.outcomes[0]!.at = 9;
        },
        'the outcome of i1 is older than its intent',
      ],
    ],
    lets: [
      [
        'an intent was never sent, and says so',
        (all) => {
          all.audit.intents.push({ id: 'i9', reference: 'TD1', committed: 50 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TD1', at: 51, result: 'not-sent' });
        },
      ],
      [
        'the second unnamed write had a second intent',
        (all) => {
          const [first] = all.target.requests!;
          first!.intent = null;
          all.audit.intents.push({ id: 'i9', reference: 'TA1', committed: 17 });
          all.audit.outcomes.push({ intent: 'i9', reference: 'TA1', at: 19, result: 'rejected' });
          all.target.requests!.push({ ...first!, at: 17, committed: null });
        },
      ],
      [
        'an outcome is still on its way while the history runs',
        (all) => {
          all.settled = false;
          all.audit.outcomes = [];
        },
      ],
    ],
  });

  cases('I7', {
    finds: [
      [
        'an entry was edited',
        (all) => {
          chain(all).links[1]!.entry = 'two, or rather not';
        },
        'ours: entry 2 was changed',
      ],
      [
        'an entry was removed',
        (all) => chain(all).links.splice(1, 1),
        'ours: entry 3 stands where 2 belongs',
      ],
      [
        'an entry was inserted',
        (all) => chain(all).links.splice(1, 0, chain(all).links[1]!),
        'ours: entry 2 stands where 3 belongs',
      ],
      ['entries changed places', (all) => chain(all).links.reverse(), 'ours: entry 4 stands where 1 belongs'],
      [
        'the last entry was cut off',
        (all) => chain(all).links.pop(),
        'ours: the head says 4 entries, there are 3',
      ],
      [
        'it was cut off behind an anchor, with the head set back',
        (all) => {
          chain(all).links.splice(2);
          all.audit.chains![0] = rewritten(chain(all));
        },
        'ours: the anchor at 3 is past the end: entries were cut off',
      ],
      [
        'the whole chain was rewritten so that it fits',
        (all) => {
          chain(all).links[0]!.entry = 'something else';
          all.audit.chains![0] = rewritten(chain(all));
        },
        'ours: the anchor at 3 does not match: the chain was rewritten',
      ],
      [
        'an anchor was forged to fit a rewritten chain',
        (all) => {
          chain(all).links[0]!.entry = 'something else';
          const forged = rewritten(chain(all));
          forged.anchors![0]!.hash = forged.links[2]!.hash;
          all.audit.chains![0] = forged;
        },
        'ours: the anchor at 3 carries a signature of something else',
      ],
      [
        'an anchor was signed by nobody',
        (all) => {
          chain(all).anchors![0]!.signed!.signatureBase64 = Buffer.alloc(64).toString('base64');
        },
        'ours: the anchor at 3 is not signed by the key that it names',
      ],
      [
        'the head was removed',
        (all) => {
          chain(all).head = null;
        },
        'ours: there are 4 entries, and no head',
      ],
      [
        'an anchor of another tenant is shown',
        (all) => {
          chain(all).anchors![0]!.tenant = 'theirs';
        },
        'ours: the anchor at 3 belongs to theirs',
      ],
    ],
    lets: [
      [
        'entries were added after the last anchor',
        (all) => {
          const longer = chainOf('ours', ['one', 'two', 'three', 'four', 'five']);
          all.audit.chains![0] = { ...structuredClone(longer), anchors: chain(all).anchors! } as Draft<Chain>;
        },
      ],
      [
        'an empty chain has no head',
        (all) => {
          Object.assign(chain(all), { links: [], head: null, anchors: [] });
        },
      ],
      [
        'numbers of entries came as text',
        (all) => {
          for (const link of chain(all).links) link.seq = String(link.seq);
        },
      ],
    ],
  });

  it('I7 finds every one of a thousand single changes to any field of any entry', () => {
    let missed = 0;
    for (let round = 0; round < 1_000; round += 1) {
      const evidence = soundHistory();
      const link = chain(evidence).links[round % 4]!;
      const field = (['entry', 'previous', 'hash', 'seq'] as const)[Math.floor(round / 4) % 4]!;
      if (field === 'seq') link.seq = BigInt(link.seq) + BigInt(1 + (round % 7));
      else {
        const at = round % link[field].length;
        const other = String.fromCharCode(link[field].charCodeAt(at) ^ (1 + (round % 3)));
        link[field] = link[field].slice(0, at) + other + link[field].slice(at + 1);
      }
      if (judge(evidence).I7.verdict !== 'violated') missed += 1;
    }
    expect(missed).toBe(0);
  });
});

describe('approval', () => {
  const [approval, use] = [
    (all: DraftEvidence) => all.approvals.approvals[0]!,
    (all: DraftEvidence, key: string) => all.approvals.uses.find((each) => each.key === key)!,
  ];

  cases('I9', {
    finds: [
      [
        'it went under a policy that nobody knows',
        (all) => {
          use(all, 'C/1').policy = '9';
        },
        'C/1 went under policy 9, which nobody knows',
      ],
      [
        'nobody approved',
        (all) => {
          all.approvals.approvals = [];
          use(all, 'B/1').approval = null;
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval",
      ],
      [
        'the one who asked approved',
        (all) => {
          approval(all).by = 'rosa';
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: rosa asked for it",
      ],
      [
        'the last editor approved',
        (all) => {
          approval(all).by = 'ed';
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: ed edited it or its mapping",
      ],
      [
        'an agent approved',
        (all) => {
          approval(all).human = false;
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: carla is no person",
      ],
      [
        'the approver had no role for it then',
        (all) => {
          approval(all).rolesThen = ['accountant'];
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: carla had no role for it",
      ],
      [
        'another payload was approved',
        (all) => {
          use(all, 'B/1').payloadHash = 'payload B/1 changed';
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: given for another payload",
      ],
      [
        'a mapping changed since',
        (all) => {
          use(all, 'B/1').mappingHash = 'mapping 2';
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: given for another mapping",
      ],
      [
        'the policy changed since',
        (all) => {
          all.approvals.policies.push({ ...all.approvals.policies[0]!, version: '2' });
          use(all, 'B/1').policy = '2';
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: given under policy 1",
      ],
      [
        'it was approved afterwards',
        (all) => {
          approval(all).decided = 13;
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: given afterwards",
      ],
      [
        'the approval had expired',
        (all) => {
          approval(all).expires = 11;
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: expired",
      ],
      [
        'the approver had left',
        (all) => {
          approval(all).voided = 11;
        },
        "B/1 (6000000, with the day's others 6100000) went without a valid approval: no longer valid",
      ],
      [
        'one approval was used twice',
        (all) => all.approvals.uses.push({ ...use(all, 'B/1'), at: 80, day: '2026-09-01' }),
        'approval ap1 was used for B/1 and for B/1',
      ],
      [
        'exactly the threshold went alone',
        (all) => {
          Object.assign(use(all, 'A/1'), { exposure: 50_000_00n, vendor: 'other' });
        },
        "A/1 (5000000, with the day's others 5000000) went without a valid approval",
      ],
      [
        'one vendor got it in two parts on one day',
        (all) => {
          use(all, 'A/1').exposure = 25_000_00n;
          use(all, 'C/1').exposure = '2500000';
        },
        "C/1 (2500000, with the day's others 5020000) went without a valid approval",
      ],
      [
        'one commitment got it in two parts, under two vendors',
        (all) => {
          Object.assign(use(all, 'A/1'), { exposure: 30_000_00n, vendor: 'one' });
          Object.assign(use(all, 'A/2'), { exposure: 30_000_00n, vendor: 'two' });
        },
        "A/2 (3000000, with the day's others 6000000) went without a valid approval",
      ],
      [
        'a credit and a charge hide each other',
        (all) => {
          use(all, 'A/1').exposure = 30_000_00n;
          use(all, 'C/1').exposure = -30_000_00n;
        },
        "C/1 (3000000, with the day's others 6020000) went without a valid approval",
      ],
      [
        'an amount that the policy cannot express went alone',
        (all) => {
          use(all, 'C/1').exposure = null;
        },
        'C/1 (not expressed in USD) went without a valid approval',
      ],
    ],
    lets: [
      [
        'one cent below the threshold went alone',
        (all) => {
          Object.assign(use(all, 'A/1'), { exposure: 49_999_99n, vendor: 'other', commitment: 'Z' });
        },
      ],
      [
        'the rest followed on the next day',
        (all) => {
          use(all, 'A/1').exposure = 30_000_00n;
          Object.assign(use(all, 'C/1'), { exposure: 30_000_00n, day: '2026-09-01' });
        },
      ],
      [
        'the other part went with an approval',
        (all) => {
          use(all, 'C/1').exposure = 48_000_00n;
        },
      ],
      [
        'the first part never took effect',
        (all) => {
          all.approvals.uses.unshift({ ...use(all, 'A/1'), key: 'D/1', exposure: 49_999_99n });
        },
      ],
      [
        'which approval it used up is not known, and one of them is valid',
        (all) => {
          delete use(all, 'B/1').approval;
          all.approvals.approvals.unshift({ ...approval(all), id: 'ap0', payloadHash: 'an older payload' });
        },
      ],
    ],
  });
});
