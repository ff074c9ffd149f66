import { jsonNumber } from '../lib/decimal-json.ts';
import { amountText } from './cents.ts';
import { access } from './people.ts';
import { CallRefused, callJson, demand, type Hands } from './simulator-calls.ts';
import type { TrueOrder } from './truth.ts';
import type { CastVendor } from './vendor-list.ts';

/** Somebody at the ERP sets a vendor up, with a user and a session of their own. */
export async function createVendor(businessOneUrl: string, vendor: CastVendor): Promise<void> {
  const root = `${businessOneUrl}/b1s/v2`;
  const entered = await callJson('POST', `${root}/Login`, {
    body: { CompanyDB: access.companyDb, UserName: access.clerkName, Password: access.clerkPassword },
  });
  if (entered.status >= 300) throw new CallRefused('the sign-in of the clerk', entered.status, entered.body);
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  await demand('POST', `${root}/BusinessPartners`, {
    headers: { cookie },
    body: {
      CardCode: vendor.cardCode,
      CardName: vendor.erpName,
      CardType: 'cSupplier',
      FederalTaxID: vendor.taxId,
      EmailAddress: vendor.email,
    },
  });
  await callJson('POST', `${root}/Logout`, { headers: { cookie } });
}

/** Somebody changes the amount of an order's first line by hand: a figure of their own, so twice is once. */
export async function editByHand({ inBusinessOne }: Hands, order: TrueOrder): Promise<void> {
  const [line] = order.lines;
  if (line === undefined) throw new Error(`order ${order.number} has no lines`);
  const changed = (line.cents / 10_000n + 1n) * 10_000n;
  await inBusinessOne({
    action: 'edit_order_line',
    docEntry: Number(order.entry),
    lineNum: Number(line.number),
    changes: { LineTotal: jsonNumber(amountText(changed)) },
  });
}
