import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Random, seeded } from '../testing/random.ts';
import {
  type Anchor,
  anchorDigest,
  checkAnchoredChain,
  faultOfAnchors,
  keyIdOf,
  NO_ANCHOR,
  type Remembered,
  type SignedAnchor,
  signAnchor,
} from './audit-anchor.ts';
import { CHAIN_START, type ChainEntry, type ChainPlace, chainHash } from './audit-chain.ts';

const ours = generateKeyPairSync('ed25519');
const forger = generateKeyPairSync('ed25519');
const keys = new Map([[keyIdOf(ours.publicKey), ours.publicKey]]);

/** Everything that an auditor is given: the database's part, which an attacker owns, and what left it. */
type Books = {
  readonly links: readonly ChainEntry[];
  readonly head: ChainPlace | null;
  readonly anchors: readonly SignedAnchor[];
  readonly remembered: Remembered | null;
};

function linked(tenant: string, entries: readonly string[], from: readonly ChainEntry[] = []): ChainEntry[] {
  const links = [...from];
  for (const entry of entries) {
    const [seq, previous] = [BigInt(links.length + 1), links.at(-1)?.hash ?? CHAIN_START];
    links.push({ seq, entry, previous, hash: chainHash(tenant, seq, previous, entry) });
  }
  return links;
}

function headOf(links: readonly ChainEntry[]): ChainPlace | null {
  const last = links.at(-1);
  return last === undefined ? null : { seq: last.seq, hash: last.hash };
}

function anchored(
  tenant: string,
  links: readonly ChainEntry[],
  at: readonly number[],
  pair = ours,
): SignedAnchor[] {
  const anchors: SignedAnchor[] = [];
  for (const [index, seq] of at.entries()) {
    const anchor: Anchor = {
      tenant,
      number: BigInt(index + 1),
      seq: BigInt(seq),
      head: links[seq - 1]!.hash,
      at: '2026-08-31T10:00:00.000Z',
      key: keyIdOf(pair.publicKey),
      previous: anchors.length === 0 ? NO_ANCHOR : anchorDigest(anchors.at(-1)!),
    };
    anchors.push(signAnchor(anchor, pair.privateKey));
  }
  return anchors;
}

function rememberedOf(anchors: readonly SignedAnchor[]): Remembered | null {
  const last = anchors.at(-1);
  return last === undefined ? null : { number: last.anchor.number, digest: anchorDigest(last) };
}

/** Honest books of a drawn length with anchors at drawn places; the last entry is anchored. */
function drawn(random: Random, tenant = 'acme'): Books {
  const length = 4 + random.below(40);
  const links = linked(
    tenant,
    Array.from({ length }, (_, index) => `{"kind":"intent","n":"${index}-${random.below(1_000)}"}`),
  );
  const at = Array.from({ length }, (_, index) => index + 1).filter(
    (seq) => seq === length || seq === 2 || random.chance(0.2),
  );
  const anchors = anchored(tenant, links, at);
  return { links, head: headOf(links), anchors, remembered: rememberedOf(anchors) };
}

function reasonOf({ links, head, anchors, remembered }: Books): string | null {
  const fault = faultOfAnchors('acme', anchors, { keys, remembered });
  if (fault !== null) return fault;
  const check = checkAnchoredChain('acme', anchors);
  for (const link of links) if (!check.add(link)) break;
  const verdict = check.end(head);
  return verdict.verified ? null : verdict.reason;
}

type Tamper = (books: Books, random: Random) => Books;
const pick = (random: Random, all: readonly unknown[]) => random.below(all.length);
const edited = (
  { links, ...rest }: Books,
  at: number,
  change: (link: ChainEntry) => Partial<ChainEntry>,
): Books => ({
  ...rest,
  links: links.with(at, { ...links[at]!, ...change(links[at]!) }),
});
/** What somebody does who owns the database: everything from here on is made to fit again, the head as well. */
const relinked = (books: Books, texts: readonly string[]): Books => {
  const links = linked('acme', texts);
  return { ...books, links, head: headOf(links) };
};
const texts = ({ links }: Books) => links.map(({ entry }) => entry);

const tampers: Readonly<Record<string, Tamper>> = {
  'edit an entry': (books, random) =>
    edited(books, pick(random, books.links), ({ entry }) => ({ entry: entry.replace('intent', 'outcome') })),
  'edit a hash': (books, random) =>
    edited(books, pick(random, books.links), () => ({ hash: 'ab'.repeat(32) })),
  'edit a previous hash': (books, random) =>
    edited(books, pick(random, books.links), () => ({ previous: 'ab'.repeat(32) })),
  'edit a number': (books, random) =>
    edited(books, pick(random, books.links), ({ seq }) => ({ seq: seq + 7n })),
  delete: (books, random) => ({ ...books, links: books.links.toSpliced(pick(random, books.links), 1) }),
  'delete and make it fit': (books, random) =>
    relinked(books, texts(books).toSpliced(pick(random, books.links), 1)),
  insert(books, random) {
    const at = pick(random, books.links);
    const { seq, previous } = books.links[at]!;
    const forged = { seq, previous, entry: '{}', hash: chainHash('acme', seq, previous, '{}') };
    return { ...books, links: books.links.toSpliced(at, 0, forged) };
  },
  'insert and make it fit': (books, random) =>
    relinked(books, texts(books).toSpliced(pick(random, books.links), 0, '{}')),
  reorder(books, random) {
    const at = random.below(books.links.length - 1);
    const [one, other] = [books.links[at]!, books.links[at + 1]!];
    return { ...books, links: books.links.with(at, other).with(at + 1, one) };
  },
  'reorder and make it fit'(books, random) {
    const at = random.below(books.links.length - 1);
    const all = texts(books);
    return relinked(books, all.with(at, all[at + 1]!).with(at + 1, all[at]!));
  },
  'cut off what was anchored, with the head made to fit'(books, random) {
    const links = books.links.slice(0, random.below(books.links.length));
    return { ...books, links, head: headOf(links) };
  },
  'rewrite everything, with every hash made to fit': (books) =>
    relinked(
      books,
      texts(books).map((entry) => entry.replace('intent', 'order')),
    ),
  'rewrite from one entry on, with every hash made to fit'(books, random) {
    const from = pick(random, books.links);
    return relinked(
      books,
      texts(books).map((entry, index) => (index < from ? entry : entry.replace('intent', 'order'))),
    );
  },
  'edit the head': (books, random) => ({
    ...books,
    head: random.chance(0.5)
      ? { seq: books.head!.seq, hash: 'ab'.repeat(32) }
      : { seq: books.head!.seq - 1n, hash: books.links.at(-2)!.hash },
  }),
  'remove the head': (books) => ({ ...books, head: null }),
  'remove an anchor from the middle': (books, random) => ({
    ...books,
    anchors: books.anchors.toSpliced(random.below(books.anchors.length - 1), 1),
  }),
  'remove the last anchors': (books, random) => ({
    ...books,
    anchors: books.anchors.slice(0, random.below(books.anchors.length)),
  }),
  'edit what an anchor says'(books, random) {
    const at = pick(random, books.anchors);
    const { anchor, ...rest } = books.anchors[at]!;
    return {
      ...books,
      anchors: books.anchors.with(at, { ...rest, anchor: { ...anchor, head: 'ab'.repeat(32) } }),
    };
  },
  'edit what was signed'(books, random) {
    const at = pick(random, books.anchors);
    const { anchor, signature } = books.anchors[at]!;
    const changed = { ...anchor, at: '2027-01-01T00:00:00.000Z' };
    const forged = signAnchor(changed, forger.privateKey);
    return { ...books, anchors: books.anchors.with(at, { ...forged, signature }) };
  },
  'sign other anchors with another key that calls itself ours'(books) {
    const links = linked('acme', ['{"kind":"other"}', '{}', '{}']);
    const key = keyIdOf(ours.publicKey);
    const anchors = anchored('acme', links, [3]).map(({ anchor }) =>
      signAnchor({ ...anchor, key }, forger.privateKey),
    );
    return { links, head: headOf(links), anchors, remembered: books.remembered };
  },
  'sign other anchors with another key'(books) {
    const links = linked('acme', ['{"kind":"other"}', '{}', '{}']);
    const anchors = anchored('acme', links, [3], forger);
    return { links, head: headOf(links), anchors, remembered: rememberedOf(anchors) ?? books.remembered };
  },
  "put another tenant's books in their place": (_books, random) => drawn(random, 'other'),
  "put another tenant's anchor among ours"(books, random) {
    const at = pick(random, books.anchors);
    const { anchor } = books.anchors[at]!;
    return {
      ...books,
      anchors: books.anchors.with(at, signAnchor({ ...anchor, tenant: 'other' }, ours.privateKey)),
    };
  },
  'exchange two anchors'(books) {
    const [first, second] = books.anchors;
    return { ...books, anchors: books.anchors.with(0, second!).with(1, first!) };
  },
};

describe('anchored books that nobody touched', () => {
  it('are verified, whatever their length and wherever their anchors stand', () => {
    for (let seed = 0; seed < 200; seed += 1) expect(reasonOf(drawn(seeded(seed)))).toBeNull();
  });

  it('are verified while they are empty, and with entries that no anchor covers yet', () => {
    expect(reasonOf({ links: [], head: null, anchors: [], remembered: null })).toBeNull();
    const books = drawn(seeded(1));
    const links = linked('acme', ['{"kind":"new"}'], books.links);
    expect(reasonOf({ ...books, links, head: headOf(links) })).toBeNull();
  });

  it('are verified by an auditor who was given the anchors and no database', () => {
    expect(reasonOf({ ...drawn(seeded(2)), remembered: null })).toBeNull();
  });
});

describe('anchored books that somebody tampered with', () => {
  it('are found out in 1,000 of 1,000 random tampers', () => {
    const kinds = Object.entries(tampers);
    const missed: string[] = [];
    const done = new Map<string, number>();
    for (let seed = 0; seed < 1_000; seed += 1) {
      const random = seeded(seed);
      const [kind, tamper] = kinds[seed % kinds.length]!;
      if (reasonOf(tamper(drawn(random), random)) === null) missed.push(`${kind}, seed ${seed}`);
      done.set(kind, (done.get(kind) ?? 0) + 1);
    }
    expect(missed).toEqual([]);
    expect([...done.values()].every((count) => count >= 40)).toBe(true);
  });

  it('tell between which entries the chain was rewritten', () => {
    const links = linked(
      'acme',
      Array.from({ length: 9 }, (_, index) => `{"n":"${index}"}`),
    );
    const anchors = anchored('acme', links, [3, 6, 9]);
    const rewritten = linked(
      'acme',
      Array.from({ length: 9 }, (_, index) => (index < 4 ? `{"n":"${index}"}` : '{}')),
    );
    const check = checkAnchoredChain('acme', anchors);
    for (const link of rewritten) if (!check.add(link)) break;
    expect(check.end(headOf(rewritten))).toMatchObject({ verified: false, entries: 3n, brokenAt: 4n });
  });

  it('are not found out after the last anchor: that is why anchors are made often', () => {
    const books = drawn(seeded(3));
    const links = linked('acme', ['{"kind":"rewritten"}'], books.links);
    expect(reasonOf({ ...books, links, head: headOf(links) })).toBeNull();
  });
});
