import { hash as digest } from 'node:crypto';

/** One link of a tenant's chain. `entry` is the canonical text itself: what is shown is what was hashed. */
export type ChainEntry = {
  readonly seq: bigint;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
};

export type ChainVerdict =
  | { readonly verified: true; readonly entries: bigint; readonly head: string }
  | {
      readonly verified: false;
      readonly entries: bigint;
      readonly brokenAt: bigint;
      readonly reason: string;
    };

// Names what is being hashed, so that no other hash of ours can be passed off as an audit link.
const DOMAIN = 'tiebeam.audit.v1';
export const CHAIN_START = '0'.repeat(64);

export function chainHash(tenant: string, seq: bigint, previous: string, entry: string): string {
  return digest('sha256', `${DOMAIN}\n${tenant}\n${seq}\n${previous}\n${entry}`, 'hex');
}

export type ChainCheck = {
  readonly add: (link: ChainEntry) => boolean;
  readonly end: (head: ChainPlace | null) => ChainVerdict;
};

export type ChainPlace = { readonly seq: bigint; readonly hash: string };
const START: ChainPlace = { seq: 0n, hash: CHAIN_START };

/**
 * Checks a chain entry by entry in constant memory, from its start or from a place that is known; `add` returns false
 * at the first broken one.
 */
export function checkChain(tenant: string, from: ChainPlace = START): ChainCheck {
  let { seq, hash } = from;
  let broken: { at: bigint; reason: string } | null = null;
  return {
    add(link) {
      if (broken !== null) return false;
      const expected = seq + 1n;
      if (link.seq !== expected)
        broken = {
          at: expected,
          reason: `entry ${expected} is missing: the next one present is ${link.seq}`,
        };
      else if (link.previous !== hash)
        broken = { at: link.seq, reason: `entry ${link.seq} does not follow entry ${seq}` };
      else if (chainHash(tenant, link.seq, link.previous, link.entry) !== link.hash)
        broken = { at: link.seq, reason: `entry ${link.seq} was changed` };
      if (broken !== null) return false;
      seq = link.seq;
      hash = link.hash;
      return true;
    },
    end(head) {
      const claimed = head ?? START;
      if (broken === null && claimed.seq < seq)
        broken = {
          at: claimed.seq + 1n,
          reason: `the chain goes on to ${seq}, its head says ${claimed.seq}: entries were added`,
        };
      if (broken === null && claimed.seq > seq)
        broken = {
          at: seq + 1n,
          reason: `the chain ends at ${seq}, its head says ${claimed.seq}: entries were cut off`,
        };
      if (broken === null && claimed.hash !== hash)
        broken = { at: seq, reason: `the head does not match entry ${seq}` };
      return broken === null
        ? { verified: true, entries: seq, head: hash }
        : { verified: false, entries: seq, brokenAt: broken.at, reason: broken.reason };
    },
  };
}
