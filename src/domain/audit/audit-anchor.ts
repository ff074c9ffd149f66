import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalText } from '../values/canonical.ts';
import { type ChainCheck, type ChainVerdict, checkChain } from './audit-chain.ts';

/** What a tenant's chain looked like at one moment, to be kept where nobody who can write the database can. */
export type Anchor = {
  readonly tenant: string;
  /** 1, 2, 3 and so on, so that one that is missing leaves a gap. */
  readonly number: bigint;
  readonly seq: bigint;
  readonly head: string;
  readonly at: string;
  readonly key: string;
  /** Digest of the anchor before it; of the first one, the digest of nothing. */
  readonly previous: string;
};

/** The text that was signed is kept as it is: whoever checks it needs no rule of ours to make it again. */
export type SignedAnchor = { readonly anchor: Anchor; readonly signed: string; readonly signature: string };

/** The last anchor that the database knows of. */
export type Remembered = { readonly number: bigint; readonly digest: string };

// Names what is being signed, so that no other signature of this key can be passed off as an anchor.
const DOMAIN = 'tiebeam.audit-anchor.v1';
export const NO_ANCHOR: string = digestOfText('');

export function signedText(anchor: Anchor): string {
  return `${DOMAIN}\n${canonicalText(anchor)}`;
}

export function signAnchor(anchor: Anchor, key: KeyObject): SignedAnchor {
  const signed = signedText(anchor);
  return { anchor, signed, signature: sign(null, Buffer.from(signed), key).toString('base64') };
}

/** Names one anchor for its successor. */
export function anchorDigest({ signed, signature }: SignedAnchor): string {
  return digestOfText(`${signed}\n${signature}`);
}

/** Names a key in the anchors that it signed. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

export type Trust = {
  /** Public keys by their id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly remembered: Remembered | null;
};

/** What is wrong with a tenant's anchors themselves, before any entry is read; null when nothing is. */
export function faultOfAnchors(
  tenant: string,
  anchors: readonly SignedAnchor[],
  { keys, remembered }: Trust,
): string | null {
  let previous = NO_ANCHOR;
  let seq = 0n;
  for (const [index, each] of anchors.entries()) {
    const { anchor } = each;
    const number = BigInt(index + 1);
    if (anchor.number !== number)
      return `anchor ${number} is missing: the next one present is ${anchor.number}`;
    if (anchor.tenant !== tenant) return `anchor ${number} belongs to another tenant`;
    const key = keys.get(anchor.key);
    if (key === undefined)
      return `anchor ${number} was signed by the key ${anchor.key}, which is not trusted`;
    if (each.signed !== signedText(anchor) || !isSignedBy(each, key))
      return `anchor ${number} was changed: its signature does not fit`;
    if (anchor.previous !== previous) return `anchor ${number} does not follow anchor ${number - 1n}`;
    if (anchor.seq <= seq) return `anchor ${number} goes back to entry ${anchor.seq}`;
    previous = anchorDigest(each);
    seq = anchor.seq;
    if (remembered?.number === number && remembered.digest !== previous)
      return `anchor ${number} is not the one that the database remembers`;
  }
  const last = BigInt(anchors.length);
  if (remembered !== null && remembered.number > last)
    return `anchor ${last + 1n} is missing: the database remembers ${remembered.number}`;
  return null;
}

function isSignedBy({ signed, signature }: SignedAnchor, key: KeyObject): boolean {
  return verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64'));
}

/** Checks a chain as `checkChain` does, and that it passes through every anchor. The anchors were checked before. */
export function checkAnchoredChain(tenant: string, anchors: readonly SignedAnchor[]): ChainCheck {
  const chain = checkChain(tenant);
  let next = 0;
  let since = 0n;
  let broken: { readonly entries: bigint; readonly brokenAt: bigint; readonly reason: string } | null = null;
  return {
    add(link) {
      if (broken !== null || !chain.add(link)) return false;
      const anchor = anchors[next]?.anchor;
      if (anchor?.seq !== link.seq) return true;
      if (anchor.head !== link.hash) {
        const reason = `anchor ${anchor.number} of ${anchor.at} saw another entry ${link.seq}: the chain was rewritten after entry ${since}`;
        broken = { entries: since, brokenAt: since + 1n, reason };
        return false;
      }
      next += 1;
      since = link.seq;
      return true;
    },
    end(head): ChainVerdict {
      if (broken !== null) return { verified: false, ...broken };
      const verdict = chain.end(head);
      const anchor = anchors[next]?.anchor;
      if (!verdict.verified || anchor === undefined) return verdict;
      const reason = `the chain ends at ${verdict.entries}, anchor ${anchor.number} of ${anchor.at} saw entry ${anchor.seq}: entries were cut off`;
      return { verified: false, entries: verdict.entries, brokenAt: verdict.entries + 1n, reason };
    },
  };
}

function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
