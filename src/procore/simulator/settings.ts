import { z } from 'zod';

const count = z.int().min(1).max(100_000_000);

/** Routes that not every company has: served, not there (404), or not permitted to anybody (403). */
const served = z.enum(['served', 'absent', 'forbidden']);
export type Served = z.infer<typeof served>;

/** What /_sim/config may change; every part is optional and merged into the present settings. */
export const settingsPatch = z.strictObject({
  rate_limit: z.strictObject({ hour: count.optional(), ten_seconds: count.optional() }).optional(),
  paging: z.strictObject({ default_per_page: count.optional(), max_per_page: count.optional() }).optional(),
  webhooks: z
    .strictObject({
      time_scale: z.number().positive().max(10_000_000).optional(),
      timeout_ms: z.int().min(1).max(60_000).optional(),
    })
    .optional(),
  request_detail_id_placement: z.enum(['documented', 'inside', 'beside', 'both', 'absent']).optional(),
  requisition_detail_id_placement: z.enum(['row', 'inside', 'beside', 'absent']).optional(),
  payment_request_name: z.enum(['create_contract_payment', 'create_payment']).optional(),
  prime_reset_envelope: z.enum(['absent', 'present']).optional(),
  metadata_switches: z.enum(['ignored', 'applied']).optional(),
  directory_fan_out: z.boolean().optional(),
  change_order_parents: z.enum(['as_given', 'zero_lines']).optional(),
  payment_readiness: z
    .strictObject({
      lien_waivers: served.optional(),
      manual_holds: served.optional(),
      compliance: served.optional(),
      invoice_documents: served.optional(),
    })
    .optional(),
});

export type SettingsPatch = z.infer<typeof settingsPatch>;

export type Settings = {
  rate_limit: { hour: number; ten_seconds: number };
  paging: { default_per_page: number; max_per_page: number };
  webhooks: { time_scale: number; timeout_ms: number };
  /** Where each event's sample has it, or in one place for all events that have one such id. */
  request_detail_id_placement: 'documented' | 'inside' | 'beside' | 'both' | 'absent';
  /** In each invoice of a batch, once for the first of them, or not at all as in the published sample. */
  requisition_detail_id_placement: 'row' | 'inside' | 'beside' | 'absent';
  payment_request_name: 'create_contract_payment' | 'create_payment';
  /** The published sample of reset_prime_contract_change_order is its data alone. */
  prime_reset_envelope: 'absent' | 'present';
  /** Whether what the ERP metadata switches off can still be exported, which lets a story show every event. */
  metadata_switches: 'ignored' | 'applied';
  /** Whether an edit in the directory is told once for every project as well, as it was until June 2026. */
  directory_fan_out: boolean;
  /** The published sample may mean that a line of zero is added for a change order's line that changes none. */
  change_order_parents: 'as_given' | 'zero_lines';
  payment_readiness: Record<'lien_waivers' | 'manual_holds' | 'compliance' | 'invoice_documents', Served>;
};

/**
 * The limits start wide open: tenants have 3,600 to 14,400 calls an hour, which would throttle every benchmark
 * and story that is not about limits. A test of limits sets its own.
 */
export function defaultSettings(): Settings {
  return {
    rate_limit: { hour: 10_000_000, ten_seconds: 1_000_000 },
    paging: { default_per_page: 100, max_per_page: 2_000 },
    webhooks: { time_scale: 1, timeout_ms: 5_000 },
    request_detail_id_placement: 'documented',
    requisition_detail_id_placement: 'absent',
    payment_request_name: 'create_contract_payment',
    prime_reset_envelope: 'absent',
    metadata_switches: 'ignored',
    directory_fan_out: false,
    change_order_parents: 'as_given',
    payment_readiness: {
      lien_waivers: 'served',
      manual_holds: 'served',
      compliance: 'served',
      invoice_documents: 'served',
    },
  };
}

/** The settings with the given parts replaced. */
export function mergedSettings(settings: Settings, patch: SettingsPatch): Settings {
  const present = <T extends object>(base: T, part: { [K in keyof T]?: T[K] | undefined } | undefined): T => {
    const next = { ...base };
    for (const key in part) {
      const value = part[key];
      if (value !== undefined) next[key] = value;
    }
    return next;
  };
  return {
    rate_limit: present(settings.rate_limit, patch.rate_limit),
    paging: present(settings.paging, patch.paging),
    webhooks: present(settings.webhooks, patch.webhooks),
    request_detail_id_placement: patch.request_detail_id_placement ?? settings.request_detail_id_placement,
    requisition_detail_id_placement:
      patch.requisition_detail_id_placement ?? settings.requisition_detail_id_placement,
    payment_request_name: patch.payment_request_name ?? settings.payment_request_name,
    prime_reset_envelope: patch.prime_reset_envelope ?? settings.prime_reset_envelope,
    metadata_switches: patch.metadata_switches ?? settings.metadata_switches,
    directory_fan_out: patch.directory_fan_out ?? settings.directory_fan_out,
    change_order_parents: patch.change_order_parents ?? settings.change_order_parents,
    payment_readiness: present(settings.payment_readiness, patch.payment_readiness),
  };
}
