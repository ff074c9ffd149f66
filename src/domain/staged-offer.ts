import { type SubJobRecord, subJobKey } from './job-cost-masters.ts';
import type { ProjectRecord, VendorRecord } from './records.ts';
import type { Offered } from './staged.ts';
import { matchVendor, vendorKeys } from './vendor-match.ts';

export type VendorSides = {
  readonly erp: readonly VendorRecord[];
  readonly source: readonly VendorRecord[];
  /** Code of the ERP -> id of the source's vendor that it is linked to, or was chosen for. */
  readonly linked: ReadonlyMap<string, string>;
  /** Pairs `id code` of which a person said that they are different companies. */
  readonly declined: ReadonlySet<string>;
};

/** Which vendors of the ERP the source has, may have, or does not have. */
export function offerVendors({ erp, source, linked, declined }: VendorSides): Offered[] {
  const taken = new Set(linked.values());
  const shown = new Set(source.map(({ originId }) => originId));
  const byKey = new Map<string, VendorRecord[]>();
  for (const vendor of erp)
    for (const key of vendorKeys(vendor)) byKey.set(key, [...(byKey.get(key) ?? []), vendor]);
  const [sure, maybe] = [new Set<string>(), new Set<string>()];
  for (const vendor of source) {
    if (vendor.originId !== null || taken.has(vendor.id)) continue;
    const targets = new Map(
      vendorKeys(vendor)
        .flatMap((key) => byKey.get(key) ?? [])
        .map((target) => [target.id, target]),
    );
    for (const { vendor: target, certain } of matchVendor(vendor, [...targets.values()]))
      if (!declined.has(`${vendor.id} ${target.id}`)) (certain ? sure : maybe).add(target.id);
  }
  return erp.map((record) => {
    const isKnown = linked.has(record.id) || shown.has(record.id) || sure.has(record.id);
    return { record, is: isKnown ? 'known' : maybe.has(record.id) ? 'doubtful' : 'new' };
  });
}

export type ProjectSides = {
  readonly erp: readonly ProjectRecord[];
  readonly source: readonly ProjectRecord[];
  /** Codes of the ERP that a project of the source is mapped to. */
  readonly mapped: ReadonlySet<string>;
};

/** The same of projects: one number on both sides says much, but is no proof. */
export function offerProjects({ erp, source, mapped }: ProjectSides): Offered[] {
  const shown = new Set(source.map(({ originId }) => originId));
  const numbers = new Set(source.filter(({ originId }) => originId === null).map(({ number }) => number));
  return erp.map((record) => {
    const isKnown = mapped.has(record.id) || shown.has(record.id);
    return { record, is: isKnown ? 'known' : numbers.has(record.id) ? 'doubtful' : 'new' };
  });
}

/** The same of sub jobs, those of the source under what the ERP calls their projects. */
export function offerSubJobs(erp: readonly SubJobRecord[], source: readonly SubJobRecord[]): Offered[] {
  const shown = new Set(source.map(({ originId }) => originId));
  const unlinked = source.filter(({ originId }) => originId === null);
  const codes = new Set(unlinked.map(({ projectId, code }) => subJobKey(projectId, code)));
  return erp.map((record) => {
    if (shown.has(record.id)) return { record, is: 'known' };
    return { record, is: codes.has(subJobKey(record.projectId, record.code)) ? 'doubtful' : 'new' };
  });
}
