import { type Books, minor } from './books.ts';
import type { Amount, Approval, Policy, Use } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I9: from the threshold on nothing leaves without a valid approval of exactly that. What already went to the same
 * vendor, or for the same commitment, on that day without one counts as well, so that splitting evades nothing.
 */
export function judgeApproval({ evidence, effects }: Books, tally: Tally): void {
  if (evidence.approvals === undefined) return;
  const { policies, approvals, uses } = evidence.approvals;
  const versions = new Map(policies.map((policy) => [policy.version, policy]));
  const gone = new Map<string, bigint>();
  const usedUp = new Map<string, Use>();
  for (const use of uses) {
    tally.judged += 1;
    const policy = versions.get(use.policy);
    if (policy === undefined) {
      tally.broken(`${use.key} went under policy ${use.policy}, which nobody knows`);
      continue;
    }
    if (use.approval != null) judgeUsedOnce(use, use.approval, usedUp, tally);
    const places = placesOf(use);
    const { needed, because } = need(use, policy, places, gone);
    const candidates = approvals.filter(
      ({ id, key }) => key === use.key && (use.approval === undefined || id === use.approval),
    );
    const flaws = candidates.map((approval) => flawOf(approval, use, policy));
    if (flaws.includes(null)) continue;
    if (needed) tally.broken(`${use.key} ${because} went without a valid approval${named(flaws)}`);
    // What was stopped before it took effect, or refused, took nothing out of the day's room.
    if (use.exposure !== null && (effects.size === 0 || effects.has(use.key)))
      for (const place of places) gone.set(place, (gone.get(place) ?? 0n) + size(use.exposure));
  }
}

function need(
  { exposure }: Use,
  { threshold, currency }: Policy,
  places: readonly string[],
  gone: ReadonlyMap<string, bigint>,
): { needed: boolean; because: string } {
  if (exposure === null) return { needed: true, because: `(not expressed in ${currency})` };
  const own = size(exposure);
  let most = own;
  for (const place of places) {
    const together = own + (gone.get(place) ?? 0n);
    if (together > most) most = together;
  }
  return { needed: most >= minor(threshold), because: `(${own}, with the day's others ${most})` };
}

function placesOf({ vendor, commitment, day }: Use): string[] {
  const places: string[] = [];
  if (vendor !== null) places.push(`vendor ${vendor} ${day}`);
  if (commitment !== null) places.push(`commitment ${commitment} ${day}`);
  return places;
}

/** What a credit moves counts as much as what a charge moves. */
function size(amount: Amount): bigint {
  const exact = minor(amount);
  return exact < 0n ? -exact : exact;
}

function named(flaws: readonly (string | null)[]): string {
  return flaws.length === 0 ? '' : `: ${flaws.join('; ')}`;
}

/** Why an approval does not cover this use, or null when it does. */
function flawOf(approval: Approval, use: Use, policy: Policy): string | null {
  const { by } = approval;
  if (!approval.human) return `${by} is no person`;
  if (by === use.requester) return `${by} asked for it`;
  if (use.editors.includes(by)) return `${by} edited it or its mapping`;
  if (!approval.rolesThen.some((role) => policy.roles.includes(role))) return `${by} had no role for it`;
  if (approval.payloadHash !== use.payloadHash) return 'given for another payload';
  if (approval.mappingHash !== use.mappingHash) return 'given for another mapping';
  if (approval.policy !== use.policy) return `given under policy ${approval.policy}`;
  if (approval.decided > use.at) return 'given afterwards';
  if (approval.expires != null && approval.expires <= use.at) return 'expired';
  if (approval.voided != null && approval.voided <= use.at) return 'no longer valid';
  return null;
}

function judgeUsedOnce(use: Use, id: string, usedUp: Map<string, Use>, tally: Tally): void {
  const before = usedUp.get(id);
  if (before !== undefined) tally.broken(`approval ${id} was used for ${before.key} and for ${use.key}`);
  usedUp.set(id, use);
}
