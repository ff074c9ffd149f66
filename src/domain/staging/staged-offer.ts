import { type SubJobRecord, subJobKey } from '../masters/job-cost-masters.ts';
import { matchVendor, vendorKeys } from '../masters/vendor-match.ts';
import type { ProjectRecord, VendorRecord } from '../records.ts';
import type { Offered } from './staged.ts';

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

/**
 * The same of a company besides the home company, whose codes the source may show or not: its own vendors are compared
 * with all of the source and with those of the companies before, so that one that both have is offered once.
 */
export function offerVendorsBesides({
  source,
  earlier,
  ...sides
}: VendorSides & { readonly earlier: readonly VendorRecord[] }): Offered[] {
  const shown = new Set(source.map(({ originId }) => originId));
  const strangers = [...source, ...earlier.map((vendor) => ({ ...vendor, id: `ERP ${vendor.id}` }))];
  const compared = strangers.map((vendor) => ({ ...vendor, originId: null }));
  // A link says what one is here; it keeps none of them from being compared.
  const linked = new Map([...sides.linked.keys()].map((code) => [code, code]));
  return offerVendors({ ...sides, linked, source: compared }).map((offered) =>
    shown.has(offered.record.id) ? { ...offered, is: 'known' } : offered,
  );
}

export type OfferedOnce = {
  readonly offered: readonly Offered[];
  /** Codes that stand in more than one company: the source has room for each once. */
  readonly shared: readonly string[];
};

const SURENESS = { new: 0, doubtful: 1, known: 2 } as const;

/** What several companies have, each code once: the surest word about it counts, and an open record before a closed one. */
export function offeredOnce(companies: readonly (readonly Offered[])[]): OfferedOnce {
  const byId = new Map<string, Offered>();
  const shared = new Set<string>();
  for (const company of companies)
    for (const offered of company) {
      const { id, active } = offered.record;
      const before = byId.get(id);
      if (before !== undefined) shared.add(id);
      const isBetter =
        before === undefined ||
        SURENESS[offered.is] > SURENESS[before.is] ||
        (offered.is === before.is && active && !before.record.active);
      if (isBetter) byId.set(id, offered);
    }
  return { offered: [...byId.values()], shared: [...shared] };
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
