import { describe, expect, it } from 'vitest';
import { type Random, seeded } from '../testing/random.ts';
import { CHAIN_START, type ChainEntry, type ChainVerdict, chainHash, checkChain } from './audit-chain.ts';

const LENGTH = 40;

function chainOf(tenant: string, entries: readonly string[]): ChainEntry[] {
  const links: ChainEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const [seq, previous] = [BigInt(index + 1), links.at(-1)?.hash ?? CHAIN_START];
    links.push({ seq, entry, previous, hash: chainHash(tenant, seq, previous, entry) });
  }
  return links;
}

type Head = { seq: bigint; hash: string } | null;

function verdictOf(links: readonly ChainEntry[], head: Head, tenant = 'acme'): ChainVerdict {
  const check = checkChain(tenant);
  for (const link of links) if (!check.add(link)) break;
  return check.end(head);
}

const texts = Array.from({ length: LENGTH }, (_, index) => `{"kind":"intent","n":"${index}"}`);
const honest = chainOf('acme', texts);
const last = honest.at(-1)!;
const head: Head = { seq: last.seq, hash: last.hash };

type Tamper = { readonly links: ChainEntry[]; readonly head: Head; readonly brokenAt: bigint };

/** One random falsification, and the first entry that it breaks. */
const tampers: Readonly<Record<string, (random: Random) => Tamper>> = {
  edit(random) {
    const at = random.below(LENGTH);
    const links = honest.with(at, { ...honest[at]!, entry: `${honest[at]!.entry} ` });
    return { links, head, brokenAt: BigInt(at + 1) };
  },
  'edit with a hash made to fit'(random) {
    const at = random.below(LENGTH - 1);
    const old = honest[at]!;
    const entry = old.entry.replace('intent', 'outcome');
    const links = honest.with(at, { ...old, entry, hash: chainHash('acme', old.seq, old.previous, entry) });
    return { links, head, brokenAt: BigInt(at + 2) };
  },
  delete(random) {
    const at = random.below(LENGTH - 1);
    return { links: honest.toSpliced(at, 1), head, brokenAt: BigInt(at + 1) };
  },
  'delete and renumber'(random) {
    const at = random.below(LENGTH - 1);
    const links = honest.toSpliced(at, 1).map((link, index) => ({ ...link, seq: BigInt(index + 1) }));
    return { links, head, brokenAt: BigInt(at + 1) };
  },
  insert(random) {
    const at = random.below(LENGTH);
    const { seq, previous } = honest[at]!;
    const forged = { seq, previous, entry: '{}', hash: chainHash('acme', seq, previous, '{}') };
    const moved = honest.slice(at).map((link) => ({ ...link, seq: link.seq + 1n }));
    return { links: [...honest.slice(0, at), forged, ...moved], head, brokenAt: BigInt(at + 2) };
  },
  reorder(random) {
    const at = random.below(LENGTH - 1);
    const links = honest.with(at, honest[at + 1]!).with(at + 1, honest[at]!);
    return { links, head, brokenAt: BigInt(at + 1) };
  },
  truncate(random) {
    const keep = random.below(LENGTH);
    return { links: honest.slice(0, keep), head, brokenAt: BigInt(keep + 1) };
  },
  'go on behind the head'(random) {
    const at = random.below(LENGTH - 1);
    const { seq, hash } = honest[at]!;
    return { links: honest, head: { seq, hash }, brokenAt: BigInt(at + 2) };
  },
  'take an entry of another tenant'(random) {
    const at = random.below(LENGTH);
    const { seq, previous, entry } = honest[at]!;
    const foreign = { seq, previous, entry, hash: chainHash('other', seq, previous, entry) };
    return { links: honest.with(at, foreign), head, brokenAt: BigInt(at + 1) };
  },
};

describe('an untouched chain', () => {
  it('is verified with its head', () => {
    expect(verdictOf(honest, head)).toEqual({ verified: true, entries: 40n, head: last.hash });
  });

  it('is verified while it is still empty', () => {
    expect(verdictOf([], null)).toEqual({ verified: true, entries: 0n, head: CHAIN_START });
  });

  it('has the hash it had when the first entry was ever written', () => {
    expect(chainHash('acme', 1n, CHAIN_START, '{}')).toBe(
      'a95763b4f493254980ce4cee9d3c9219162a0de59e53990b5eb7cea14ca022e5',
    );
  });
});

describe('a falsified chain', () => {
  it('is found in 1,000 random falsifications, and the first broken entry is named', () => {
    const kinds = Object.entries(tampers);
    const wrong: string[] = [];
    for (let seed = 0; seed < 1_000; seed += 1) {
      const [kind, tamper] = kinds[seed % kinds.length]!;
      const { links, head: claimed, brokenAt } = tamper(seeded(seed));
      const verdict = verdictOf(links, claimed);
      if (verdict.verified || verdict.brokenAt !== brokenAt || verdict.reason === '')
        wrong.push(
          `${kind}, seed ${seed}: ${verdict.verified ? 'verified' : verdict.brokenAt} not ${brokenAt}`,
        );
    }
    expect(wrong).toEqual([]);
  });

  it('is found when the whole chain of another tenant takes its place', () => {
    const foreign = chainOf('other', texts);
    const end = foreign.at(-1)!;
    expect(verdictOf(foreign, { seq: end.seq, hash: end.hash })).toMatchObject({
      verified: false,
      brokenAt: 1n,
    });
  });

  it('is found when everything is gone and the head stays', () => {
    expect(verdictOf([], head)).toMatchObject({ verified: false, brokenAt: 1n });
  });

  it('is found when the head was removed', () => {
    expect(verdictOf(honest, null)).toMatchObject({ verified: false, brokenAt: 1n });
  });

  it('is found when it was rewritten to its end but the head was kept elsewhere', () => {
    const rewritten = chainOf('acme', texts.with(3, '{}'));
    expect(verdictOf(rewritten, head)).toMatchObject({
      verified: false,
      reason: 'the head does not match entry 40',
    });
  });

  it('counts only the entries before the break as verified', () => {
    const links = honest.with(9, { ...honest[9]!, entry: '{}' });
    expect(verdictOf(links, head)).toMatchObject({ entries: 9n, reason: 'entry 10 was changed' });
  });
});
