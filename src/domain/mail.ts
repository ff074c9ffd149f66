import { money, moneyWords } from './values/money.ts';

/** What a person may be told of: questions that wait for one of their roles, and orders made or changed in the ERP. */
export const MAIL_ABOUT = ['waits', 'ordered'] as const;
export type MailAbout = (typeof MAIL_ABOUT)[number];

export const MAIL_DELIVERIES = ['at-once', 'daily'] as const;
export type MailDelivery = (typeof MAIL_DELIVERIES)[number];

export type MailItem = { readonly about: MailAbout; readonly title: string; readonly path: string };
export type Letter = { readonly subject: string; readonly text: string };

const HEADINGS: Readonly<Record<MailAbout, string>> = {
  waits: 'Waits for you',
  ordered: 'Orders in the ERP',
};

// A title stands in a list of mails; what is longer is read in the mail itself.
const MAX_SUBJECT = 120;

/** One mail about everything that is due to one person: what it is, its amount and where it stands, and no more. */
export function composeLetter(items: readonly MailItem[], address: string): Letter {
  const [first] = items;
  const subject =
    items.length === 1 && first !== undefined ? plain(first.title) : `${items.length} things in Tiebeam`;
  const parts = MAIL_ABOUT.flatMap((about) => {
    const lines = items.filter((item) => item.about === about);
    if (lines.length === 0) return [];
    return [
      `${HEADINGS[about]}:`,
      ...lines.map(({ title, path }) => `- ${plain(title)}\n  ${address}${path}`),
      '',
    ];
  });
  const text = [...parts, `What you are told of is your choice: ${address}/mail`, ''].join('\n');
  return { subject: clipped(subject), text };
}

export type PostedOrder = {
  readonly number: string;
  readonly vendorName: string | null;
  readonly revision: number;
  readonly sourceObject: string;
  readonly targetNumber: string | null;
  readonly amountMinor: string | null;
  readonly currency: string | null;
};

/** What became of a commitment in the ERP, in one line. */
export function orderTitle(order: PostedOrder): string {
  const { number, vendorName, revision, sourceObject, targetNumber, amountMinor, currency } = order;
  const isNew = revision === 1 && sourceObject === 'commitment';
  const amount =
    amountMinor === null || currency === null ? '' : `, ${moneyWords(money(BigInt(amountMinor), currency))}`;
  const whose = vendorName === null ? '' : ` of ${vendorName}`;
  return `Order ${targetNumber ?? ''} was ${isNew ? 'created' : 'changed'}: ${number}${whose}${amount}`.replace(
    / {2}/,
    ' ',
  );
}

/** Names come from other systems: no line break begins a header, and nothing turns the direction of reading. */
function plain(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

function clipped(text: string): string {
  const letters = [...text];
  return letters.length <= MAX_SUBJECT ? text : `${letters.slice(0, MAX_SUBJECT - 1).join('')}…`;
}
