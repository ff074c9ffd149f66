import type { ContractChangeBody } from '../../domain/owner/prime-contract.ts';
import { hashWithFields, withFields } from '../../domain/planning/document-fields.ts';
import type { Match, Write } from '../../domain/posting/writes.ts';
import { formatMoney, parseMoney } from '../../domain/values/money.ts';
import { readAll } from './client.ts';
import { type Form, formHash, lineFacts } from './form.ts';
import { encodeImport, followed } from './import.ts';
import { type ContractChange, contractChange } from './wire.ts';

/** Adds lines to a contract with an owner, under the change's own number: what was signed stays as it is. */
export function createContractChange(body: ContractChangeBody): Write {
  const { reference } = body;
  const sent = changeOf(body);
  return {
    name: 'create-contract-change',
    kind: 'create',
    object: 'contract-change',
    reference,
    targetHash: formHash(formOf(sent)),
    encode: () => encodeImport(body, { type: 'contract-change', ...sent, ...withFields(body.fields ?? {}) }),
    async probe(read) {
      const found = await Array.fromAsync(readAll(read, 'contract-changes', contractChange, { reference }));
      const matches = found.map((change) => {
        const match = contractChangeMatch(change);
        return { ...match, hash: hashWithFields(match.hash, body.fields, change.fields ?? {}) };
      });
      return { kind: 'found', matches };
    },
    ...followed({
      reference,
      keys: () => sent.lines.map(({ key }) => key),
      idOf: (booked) => booked.id,
      // Its number is taken once on the contract, perhaps by a lost attempt of ours: the probe tells.
      async mayBeOurs(errors, read) {
        if (!errors.some(({ code }) => code === 'number-taken')) return false;
        const found = await Array.fromAsync(readAll(read, 'contract-changes', contractChange, { reference }));
        return found.some(({ status }) => status === 'posted');
      },
    }),
  };
}

function changeOf({
  revision,
  number,
  title,
  contractCode,
  currency,
  accountingDate,
  lines,
}: ContractChangeBody) {
  return {
    ...{ revision, number, title, contract: contractCode, date: accountingDate },
    lines: lines
      .map(({ key, description, account, amount }) => ({
        ...{ key, description, account },
        amount: formatMoney(parseMoney(amount, currency)),
      }))
      // A line of zero says nothing, and Ledgerline refuses it.
      .filter(({ amount }) => parseMoney(amount, currency).minor !== 0n),
  };
}

type Compared = Pick<ContractChange, 'revision' | 'number' | 'contract' | 'date'> & {
  readonly lines: readonly Pick<
    ContractChange['lines'][number],
    'key' | 'description' | 'account' | 'amount'
  >[];
};

// A change states none: it is in that of the company, whose amounts have two decimals.
const CURRENCY = 'USD';

function formOf({ revision, number, contract, date, lines }: Compared): Form {
  const compared = lines.map(({ key, account, description, amount }, index) => ({
    key: key ?? `number ${index + 1}`,
    on: `account ${account}`,
    description,
    amount: parseMoney(amount, CURRENCY),
  }));
  return { revision: String(revision), number, contract, date, ...lineFacts(compared) };
}

export function contractChangeMatch(change: ContractChange): Match {
  const keyed = change.lines.filter(({ key }) => key !== null);
  return {
    id: change.id,
    state: change.status,
    hash: formHash(formOf(change)),
    lineKeys: Object.fromEntries(keyed.map(({ key, line }) => [key, String(line)])),
  };
}
