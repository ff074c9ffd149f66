import { moneyWords, parseMoney } from '../values/money.ts';
import {
  ALWAYS_ASKED,
  chosen,
  oneWho,
  type PolicyChoice,
  policyChoices,
  pricedKinds,
  rankOf,
  type WholePolicy,
} from './policy.ts';

/** One thing that a new policy says otherwise, in words, and whether more goes without a person from then on. */
export type PolicyChange = {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly effect: 'looser' | 'stricter' | 'other';
};

type Rule = WholePolicy['approvals'][number];

/** What differs between two policies that are free of faults; in which order their rules stand is no matter. */
export function policyChanges(before: WholePolicy, after: WholePolicy): PolicyChange[] {
  const changes = [...ruleChanges(before.approvals, after.approvals), ...zoneChange(before, after)];
  for (const choice of policyChoices) changes.push(...choiceChange(before, after, choice));
  return changes;
}

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): PolicyChange[] {
  const keyOf = ({ kind, currency }: Rule) => `${kind} ${currency}`;
  const [old, fresh] = [before, after].map((rules) => new Map(rules.map((rule) => [keyOf(rule), rule])));
  const named = new Map([...before, ...after].map((rule) => [keyOf(rule), rule]));
  return [...named].flatMap(([key, rule]) => {
    const [was, is] = [old?.get(key), fresh?.get(key)];
    const change = { before: ruleWords(was), after: ruleWords(is) };
    if (change.before === change.after) return [];
    const label = rule.kind === ALWAYS_ASKED ? '' : ` in ${rule.currency}`;
    return [{ label: `${pricedKinds[rule.kind]}${label}`, ...change, effect: ruleEffect(was, is) }];
  });
}

function ruleWords(rule: Rule | undefined): string {
  if (rule === undefined) return 'no rule: every one needs an approval';
  const { kind, threshold, currency, role } = rule;
  const amount = parseMoney(threshold, currency);
  if (kind === ALWAYS_ASKED || amount.minor === 0n) return `every one needs the approval of ${oneWho(role)}`;
  return `from ${moneyWords(amount)} on they need the approval of ${oneWho(role)}`;
}

function ruleEffect(was: Rule | undefined, is: Rule | undefined): PolicyChange['effect'] {
  const [old, fresh] = [was, is].map((rule) =>
    rule === undefined ? 0n : parseMoney(rule.threshold, rule.currency).minor,
  ) as [bigint, bigint];
  const byAmount = fresh > old ? 1 : fresh < old ? -1 : 0;
  const byRole = was === undefined || is === undefined ? 0 : rankOf(is.role) - rankOf(was.role);
  // A higher amount for a stricter role is neither.
  if (byAmount * byRole < 0) return 'other';
  return effectOf(byAmount === 0 ? byRole : byAmount);
}

function zoneChange(before: WholePolicy, after: WholePolicy): PolicyChange[] {
  if (before.timeZone === after.timeZone) return [];
  const label = 'The day over which amounts to one vendor are summed begins at midnight in';
  return [{ label, before: before.timeZone, after: after.timeZone, effect: 'other' }];
}

function choiceChange(before: WholePolicy, after: WholePolicy, choice: PolicyChoice): PolicyChange[] {
  const [was, is] = [before, after].map((policy) =>
    choice.options.findIndex(({ value }) => value === chosen(policy, choice)),
  ) as [number, number];
  if (was === is) return [];
  const words = (place: number) => choice.options[place]?.words ?? 'not known';
  return [{ label: choice.label, before: words(was), after: words(is), effect: effectOf(is - was) }];
}

function effectOf(step: number): PolicyChange['effect'] {
  return step === 0 ? 'other' : step > 0 ? 'looser' : 'stricter';
}
