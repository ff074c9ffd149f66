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
        'a write has no intent',
        (all) => {
          all.audit.intents = all.audit.intents.filter(({ id }) => id !== 'i3');
        },
      ],
      [
        'the first byte left before the intent was committed',
        (all) => {
          all.audit.intents[2]!.committed = 31.5;
        },
      ],
      [
        'one intent was sent twice',
        (all) => all.target.requests!.push({ ...all.target.requests![1]!, at: 17, committed: null }),
      ],
      [
        'an unnamed write had no intent of its own',
        (all) => {
          const [first] = all.target.requests!;
          first!.intent = null;
          all.target.requests!.push({ ...first!, at: 17, committed: null });
        },
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
      ],
      [
        'what an intent sent carries another reference',
        (all) => {
          all.target.requests![0]!.reference = 'TA7';
        },
      ],
      [
        'an intent is left without an outcome',
        (all) => {
          all.audit.outcomes = all.audit.outcomes.filter(({ intent }) => intent !== 'i4');
        },
      ],
      ['an unknown never turned out to be anything', (all) => all.audit.outcomes.splice(2, 1)],
      [
        'an outcome is older than its intent',
        (all) => {
          all.audit.outcomes[0]!.at = 9;
        },
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
      ],
      ['an entry was removed', (all) => chain(all).links.splice(1, 1)],
      ['an entry was inserted', (all) => chain(all).links.splice(1, 0, chain(all).links[1]!)],
      ['entries changed places', (all) => chain(all).links.reverse()],
      ['the last entry was cut off', (all) => chain(all).links.pop()],
      [
        'it was cut off behind an anchor, with the head set back',
        (all) => {
          chain(all).links.splice(2);
          all.audit.chains![0] = rewritten(chain(all));
        },
      ],
      [
        'the whole chain was rewritten so that it fits',
        (all) => {
          chain(all).links[0]!.entry = 'something else';
          all.audit.chains![0] = rewritten(chain(all));
        },
      ],
      [
        'an anchor was forged to fit a rewritten chain',
        (all) => {
          chain(all).links[0]!.entry = 'something else';
          const forged = rewritten(chain(all));
          forged.anchors![0]!.hash = forged.links[2]!.hash;
          all.audit.chains![0] = forged;
        },
      ],
      [
        'an anchor was signed by nobody',
        (all) => {
          chain(all).anchors![0]!.signed!.signatureBase64 = Buffer.alloc(64).toString('base64');
        },
      ],
      [
        'the head was removed',
        (all) => {
          chain(all).head = null;
        },
      ],
      [
        'an anchor of another tenant is shown',
        (all) => {
          chain(all).anchors![0]!.tenant = 'theirs';
        },
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
        'nobody approved',
        (all) => {
          all.approvals.approvals = [];
          use(all, 'B/1').approval = null;
        },
      ],
      [
        'the one who asked approved',
        (all) => {
          approval(all).by = 'rosa';
        },
      ],
      [
        'the last editor approved',
        (all) => {
          approval(all).by = 'ed';
        },
      ],
      [
        'an agent approved',
        (all) => {
          approval(all).human = false;
        },
      ],
      [
        'the approver had no role for it then',
        (all) => {
          approval(all).rolesThen = ['accountant'];
        },
      ],
      [
        'another payload was approved',
        (all) => {
          use(all, 'B/1').payloadHash = 'payload B/1 changed';
        },
      ],
      [
        'a mapping changed since',
        (all) => {
          use(all, 'B/1').mappingHash = 'mapping 2';
        },
      ],
      [
        'the policy changed since',
        (all) => {
          all.approvals.policies.push({ ...all.approvals.policies[0]!, version: '2' });
          use(all, 'B/1').policy = '2';
        },
      ],
      [
        'it was approved afterwards',
        (all) => {
          approval(all).decided = 13;
        },
      ],
      [
        'the approval had expired',
        (all) => {
          approval(all).expires = 11;
        },
      ],
      [
        'the approver had left',
        (all) => {
          approval(all).voided = 11;
        },
      ],
      [
        'one approval was used twice',
        (all) => all.approvals.uses.push({ ...use(all, 'B/1'), at: 80, day: '2026-09-01' }),
      ],
      [
        'exactly the threshold went alone',
        (all) => {
          Object.assign(use(all, 'A/1'), { exposure: 50_000_00n, vendor: 'other' });
        },
      ],
      [
        'one vendor got it in two parts on one day',
        (all) => {
          use(all, 'A/1').exposure = 25_000_00n;
          use(all, 'C/1').exposure = '2500000';
        },
      ],
      [
        'one commitment got it in two parts, under two vendors',
        (all) => {
          Object.assign(use(all, 'A/1'), { exposure: 30_000_00n, vendor: 'one' });
          Object.assign(use(all, 'A/2'), { exposure: 30_000_00n, vendor: 'two' });
        },
      ],
      [
        'a credit and a charge hide each other',
        (all) => {
          use(all, 'A/1').exposure = 30_000_00n;
          use(all, 'C/1').exposure = -30_000_00n;
        },
      ],
      [
        'an amount that the policy cannot express went alone',
        (all) => {
          use(all, 'C/1').exposure = null;
        },
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
