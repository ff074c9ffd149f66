import { fitsScale, formatDecimal, parseDecimal } from '../values/decimal.ts';
import { exponentOf } from '../values/money.ts';
import { ALWAYS_ASKED, approvingRoles, policyChoices, pricedKinds, type WholePolicy } from './policy.ts';

/** What is wrong with one field of a form: its name, what was typed, the rule, and what to do. */
export type PolicyFault = { readonly field: string; readonly message: string };

type Rule = WholePolicy['approvals'][number];

const MOST_DIGITS = 15;

/** What keeps a typed policy from being one. Its choices are from lists and cannot be wrong. */
export function policyFaults(policy: WholePolicy): PolicyFault[] {
  const rules = policy.approvals.flatMap((rule, place) =>
    ruleFaults(rule, policy.approvals.slice(0, place)).map(({ field, message }) => ({
      field: `approvals.${place}.${field}`,
      message: `${pricedKinds[rule.kind]}: ${message}`,
    })),
  );
  return [...rules, ...roleFaults(policy), ...zoneFaults(policy)];
}

function ruleFaults(rule: Rule, before: readonly Rule[]): PolicyFault[] {
  const { kind, currency, role } = rule;
  const faults: PolicyFault[] = [];
  const add = (field: keyof Rule, message: string) => faults.push({ field, message });
  if (!Intl.supportedValuesOf('currency').includes(currency))
    add('currency', `"${currency}" is no currency. Use one of the codes of ISO 4217, such as USD.`);
  else if (before.some((other) => other.kind === kind && other.currency === currency))
    add('currency', `there is a rule in ${currency} already. Change that one, or take one of them out.`);
  const wrong = thresholdFault(rule);
  if (wrong !== null) add('threshold', wrong);
  if (!isApproving(role)) add('role', roleWords(role));
  return faults;
}

function thresholdFault({ kind, threshold, currency }: Rule): string | null {
  const shown = `"${threshold}"`;
  if (!/^\d+(\.\d+)?$/.test(threshold))
    return `${shown} is no amount. Write digits with at most one point, such as 50000.00.`;
  if (threshold.replace('.', '').length > MOST_DIGITS)
    return `${shown} has more than ${MOST_DIGITS} digits. Write a smaller amount.`;
  const amount = parseDecimal(threshold);
  const places = exponentOf(currency);
  if (!fitsScale(amount, places))
    return `${shown} has more decimal places than the ${places} of ${currency}. Leave the rest out.`;
  if (kind === ALWAYS_ASKED && amount.units !== 0n)
    return `${formatDecimal(amount)} would let payments go by themselves, and none does. Write 0.`;
  return null;
}

function roleFaults(policy: WholePolicy): PolicyFault[] {
  return policyChoices.flatMap(({ section, name, label }) => {
    const role = section === 'newRecords' ? policy.newRecords[name as keyof typeof policy.newRecords] : null;
    if (role === null || isApproving(role)) return [];
    return [{ field: `${section}.${name}`, message: `${label}: ${roleWords(role)}` }];
  });
}

function zoneFaults({ timeZone }: WholePolicy): PolicyFault[] {
  if (isZone(timeZone)) return [];
  const message = `Time zone: "${timeZone}" is not known. Write a name such as America/Chicago, or UTC.`;
  return [{ field: 'timeZone', message }];
}

function isZone(timeZone: string): boolean {
  // An offset such as +01:00 is taken by some systems, but no day of daylight saving is kept by it.
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

function isApproving(role: string): boolean {
  return (approvingRoles as readonly string[]).includes(role);
}

function roleWords(role: string): string {
  return `"${role}" approves nothing. Choose ${approvingRoles.join(' or ')}.`;
}
