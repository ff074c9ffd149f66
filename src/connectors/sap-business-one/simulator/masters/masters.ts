import { type SimState, timeOfDay, today } from '../company/state.ts';
import { copied, integer, type Row, rows, sameValue, text } from '../documents/rows.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { ZERO } from '../odata/decimal.ts';
import { alreadyExists, businessError, wrongSeries } from '../odata/errors.ts';

/** Creates a business partner; its key is given by the caller, or by a numbering series that the caller names. */
export function createPartner(state: SimState, requestText: string): Row {
  return createPartnerFrom(state, parseRequestBody(requestText));
}

export function createPartnerFrom(state: SimState, body: Record<string, unknown>): Row {
  const sent = checkedRow(state, 'BusinessPartner', body, 'create');
  const code = partnerCode(state, sent);
  if (state.partners.has(code)) throw alreadyExists('OCRD');
  const partner: Row = {
    CardName: null,
    CardType: 'cCustomer',
    Currency: state.company?.currency ?? null,
    Valid: 'tYES',
    Frozen: 'tNO',
    PaymentBlock: 'tNO',
    CurrentAccountBalance: ZERO,
    OpenOrdersBalance: ZERO,
    ...sent,
    CardCode: code,
    BPAddresses: [],
    CreateDate: today(state),
    CreateTime: timeOfDay(state),
    UpdateDate: today(state),
    UpdateTime: timeOfDay(state),
    DataVersion: 1,
  };
  for (const address of rows(sent, 'BPAddresses')) putAddress(partner, address);
  checkPartner(state, partner);
  state.partners.set(code, partner);
  return partner;
}

/** A series numbers what it creates by itself: a code typed beside it is refused (inferred). */
function partnerCode(state: SimState, sent: Row): string {
  const [typed, series] = [text(sent, 'CardCode') ?? '', integer(sent, 'Series')];
  if (series === null) {
    if (typed === '') throw businessError('Enter a code  [OCRD.CardCode]');
    return typed;
  }
  if (series !== state.settings.vendorSeries || text(sent, 'CardType') !== 'cSupplier') throw wrongSeries();
  if (typed !== '') throw businessError('The series numbers by itself  [OCRD.CardCode]');
  let next = state.partners.size + 1;
  while (state.partners.has(numbered(next))) next += 1;
  return numbered(next);
}

function numbered(next: number): string {
  return `S${String(next).padStart(5, '0')}`;
}

export function updatePartner(state: SimState, stored: Row, requestText: string, replace: boolean): void {
  updatePartnerFrom(state, stored, parseRequestBody(requestText), replace);
}

export function updatePartnerFrom(
  state: SimState,
  stored: Row,
  body: Record<string, unknown>,
  replace: boolean,
): void {
  const { BPAddresses: addresses, ...sent } = checkedRow(state, 'BusinessPartner', body, 'update');
  const partner = { ...copied(stored), ...sent };
  if (Array.isArray(addresses)) {
    const before = rows(partner, 'BPAddresses');
    for (const address of addresses) putAddress(partner, address);
    if (replace) keepOnlyNamed(partner, before, addresses);
  }
  checkPartner(state, partner);
  partner.DataVersion = (integer(partner, 'DataVersion') ?? 0) + 1;
  partner.UpdateDate = today(state);
  partner.UpdateTime = timeOfDay(state);
  state.partners.set(text(partner, 'CardCode') ?? '', partner);
}

function checkPartner(state: SimState, partner: Row): void {
  const currency = text(partner, 'Currency');
  if (currency !== null && currency !== '##' && !state.currencies.has(currency)) {
    throw businessError(`Currency '${currency}' not found  [OCRD.Currency]`);
  }
  const project = text(partner, 'ProjectCode');
  if (project !== null && !state.projects.has(project)) {
    throw businessError(`Project '${project}' not found  [OCRD.ProjectCod]`);
  }
  for (const [name, field] of state.fieldTables.BusinessPartner) {
    if (field.mandatory === true && (partner[name] ?? '') === '') {
      throw businessError(`Mandatory property '${name}' is missing`);
    }
  }
}

// Only a row that names all four of these is an update. With one missing the row is inserted, or refused when
// an address of that name and type is there already; without a type it is appended in silence.
const ADDRESS_KEYS = ['BPCode', 'AddressName', 'AddressType', 'RowNum'];

function putAddress(partner: Row, sent: Row): void {
  const list = rows(partner, 'BPAddresses');
  const found = list.findIndex((held) => ADDRESS_KEYS.every((key) => isNamed(held, sent, key)));
  if (found >= 0) {
    partner.BPAddresses = list.with(found, { ...list[found], ...sent });
    return;
  }
  if (text(sent, 'AddressName') === null) throw businessError('Enter an address name  [CRD1.Address]');
  const isTaken = list.some((held) =>
    ['AddressName', 'AddressType'].every((key) => isNamed(held, sent, key)),
  );
  if (isTaken) throw alreadyExists('CRD1');
  const rowNum = Math.max(-1, ...list.map((held) => integer(held, 'RowNum') ?? -1)) + 1;
  const added = { AddressType: 'bo_ShipTo', ...sent, BPCode: partner.CardCode ?? null, RowNum: rowNum };
  partner.BPAddresses = [...list, added];
}

function isNamed(held: Row, sent: Row, key: string): boolean {
  return sent[key] !== undefined && sent[key] !== null && sameValue(held[key], sent[key]);
}

function keepOnlyNamed(partner: Row, before: Row[], sent: Row[]): void {
  const isKept = (held: Row) => {
    const isOld = before.some((old) => sameValue(old.RowNum, held.RowNum));
    return !isOld || sent.some((row) => ADDRESS_KEYS.every((key) => isNamed(held, row, key)));
  };
  partner.BPAddresses = rows(partner, 'BPAddresses').filter(isKept);
}
