import { createPublicKey, hash, verify } from 'node:crypto';
import type { Books } from './books.ts';
import type { Anchor, Chain } from './evidence.ts';
import type { Tally } from './tally.ts';

/** I7: the audit trail is recomputed link by link, and every head that left the database must be in it. */
export function judgeChain({ evidence }: Books, tally: Tally): void {
  for (const chain of evidence.audit?.chains ?? []) {
    const broken = recompute(chain, tally) ?? firstBrokenAnchor(chain, tally);
    if (broken !== null) tally.broken(`${chain.tenant}: ${broken}`);
  }
}

/** Says what is wrong with the first broken link; after it nothing can be said of the others. */
function recompute({ tenant, domain, start, links, head }: Chain, tally: Tally): string | null {
  let previous = start;
  let seq = 0n;
  for (const link of links) {
    tally.judged += 1;
    seq += 1n;
    if (BigInt(link.seq) !== seq) return `entry ${link.seq} stands where ${seq} belongs`;
    if (link.previous !== previous) return `entry ${seq} does not follow the one before it`;
    const text = `${domain}\n${tenant}\n${seq}\n${previous}\n${link.entry}`;
    if (hash('sha256', text, 'hex') !== link.hash) return `entry ${seq} was changed`;
    previous = link.hash;
  }
  if (head === null) return links.length === 0 ? null : `there are ${seq} entries, and no head`;
  if (BigInt(head.seq) !== seq) return `the head says ${head.seq} entries, there are ${seq}`;
  return head.hash === previous ? null : 'the head is not the hash of the last entry';
}

function firstBrokenAnchor(chain: Chain, tally: Tally): string | null {
  for (const anchor of chain.anchors ?? []) {
    tally.judged += 1;
    const wrong = brokenAnchor(chain, anchor);
    if (wrong !== null) return `the anchor at ${anchor.seq} ${wrong}`;
  }
  return null;
}

function brokenAnchor({ tenant, start, links }: Chain, anchor: Anchor): string | null {
  if (anchor.tenant !== tenant) return `belongs to ${anchor.tenant}`;
  const seq = Number(anchor.seq);
  const hash = seq === 0 ? start : links[seq - 1]?.hash;
  if (hash === undefined) return 'is past the end: entries were cut off';
  if (hash !== anchor.hash) return 'does not match: the chain was rewritten';
  return anchor.signed === undefined ? null : brokenSignature(anchor, anchor.signed);
}

function brokenSignature(
  { tenant, seq, hash }: Anchor,
  { text, signatureBase64, publicKeyPem }: NonNullable<Anchor['signed']>,
): string | null {
  const key = createPublicKey(publicKeyPem);
  if (!verify(null, Buffer.from(text), key, Buffer.from(signatureBase64, 'base64')))
    return 'is not signed by the key that it names';
  const words = new Set(text.split(/[^\w.-]+/));
  const names = words.has(tenant) && words.has(String(seq)) && words.has(hash);
  return names ? null : 'carries a signature of something else';
}
