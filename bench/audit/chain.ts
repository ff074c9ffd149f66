import { createHash } from 'node:crypto';
import { CHAIN_START, type ChainEntry, chainHash, checkChain } from '../../src/domain/audit/audit-chain.ts';
import { canonicalText } from '../../src/domain/values/canonical.ts';

const TENANT = 'bench';

/** A chain of intents as the service writes them. */
export function longChain(length: number): ChainEntry[] {
  const links: ChainEntry[] = [];
  let previous = CHAIN_START;
  for (let index = 1; index <= length; index += 1) {
    const seq = BigInt(index);
    const id = createHash('md5').update(String(index)).digest('hex');
    const entry = canonicalText({
      at: '2026-08-31T10:00:00.000Z',
      kind: 'intent',
      actor: 'tiebeam',
      document: id,
      posting: id,
      reference: `TB1${id.slice(0, 13)}`,
      write: 'create',
      attempt: '1',
      hash: `v1:${id}${id}`,
    });
    const hash = chainHash(TENANT, seq, previous, entry);
    links.push({ seq, entry, previous, hash });
    previous = hash;
  }
  return links;
}

/** Entries a second of the check itself. */
export function verifyAll(links: readonly ChainEntry[]): number {
  const started = performance.now();
  const check = checkChain(TENANT);
  for (const link of links) check.add(link);
  const last = links.at(-1)!;
  if (!check.end({ seq: last.seq, hash: last.hash }).verified)
    throw new Error('the chain of the bench is broken');
  return links.length / ((performance.now() - started) / 1_000);
}

/** The same bytes through `createHash`, and nothing else: as texts that stand ready. */
export function hashAll(texts: readonly string[]): number {
  const started = performance.now();
  let length = 0;
  for (const text of texts) length += createHash('sha256').update(text).digest('hex').length;
  if (length !== texts.length * 64) throw new Error('a hash is missing');
  return texts.length / ((performance.now() - started) / 1_000);
}

/** What is hashed for each entry. */
export function hashedTexts(links: readonly ChainEntry[]): string[] {
  return links.map(({ seq, previous, entry }) => {
    const text = `tiebeam.audit.v1\n${TENANT}\n${seq}\n${previous}\n${entry}`;
    // A text made of parts is joined when it is first read: that is done before anything is measured.
    return Buffer.from(text).toString();
  });
}
