import { matchVendor, vendorKeys } from '../../domain/masters/vendor-match.ts';
import type { VendorRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedSource } from '../../store/documents/link.ts';
import { findByMatchKeys, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import { declinedMatches, isVendorAwaited } from '../../store/settings/vendor-matching.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { adoptLink, askMatch, companyShown, matchSubject } from './plan-vendor.ts';

/**
 * Finds what a vendor is in an ERP company besides the home company. Procore has room for one code, which is that of the
 * home company: here the two are linked and nothing is written anywhere. People are asked only once it has work there.
 */
export async function linkInCompany(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
): Promise<void> {
  const id = vendor.nativeId;
  const here = { targetConnection: hub.id, targetObject: 'vendor', targetId: id };
  if ((await linkedSource(tx, erp.id, here)) !== null) return;
  const { originId } = vendor.body;
  if (originId !== null && (await companyShown(engine, tx, hub.tenant, vendor.body)) === erp.id)
    return adoptLink(engine, tx, { hub, erp }, vendor, originId, 'the origin id in Procore is this code');
  const chosen = (await mappingsFor(tx, erp, '')).find((row) => row.kind === 'vendor' && row.key === id);
  if (chosen !== undefined)
    return adoptLink(engine, tx, { hub, erp }, vendor, chosen.value.code, 'chosen by a person');
  const targets = await findByMatchKeys<VendorRecord>(tx, erp.id, 'vendor', vendorKeys(vendor.body));
  const declined = await declinedMatches(tx, matchSubject(erp, id));
  const candidates = matchVendor(
    vendor.body,
    targets.map(({ body }) => body),
  ).filter((candidate) => !declined.has(candidate.vendor.id));
  const certain = candidates.find((candidate) => candidate.certain);
  if (certain !== undefined)
    return adoptLink(engine, tx, { hub, erp }, vendor, certain.vendor.id, certain.evidence.join(', '));
  if (candidates.length > 0 && (await isVendorAwaited(tx, erp.id, id)))
    await askMatch(engine, tx, erp, vendor, candidates, 'to-link');
}
