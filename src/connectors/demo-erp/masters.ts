import type { z } from 'zod';
import { calendarDate } from '../../domain/calendar-date.ts';
import type { AccountRecord, PeriodRecord, ProjectRecord, VendorRecord } from '../../domain/records.ts';
import type * as wire from './wire.ts';

export function vendorRecord(vendor: z.output<typeof wire.vendor>): VendorRecord {
  return {
    object: 'vendor',
    id: vendor.code,
    name: vendor.name,
    originId: null,
    code: vendor.code,
    taxId: vendor.tax_id,
    email: vendor.email,
    phone: vendor.phone,
    zip: vendor.zip,
    active: vendor.active,
  };
}

export function projectRecord(project: z.output<typeof wire.project>): ProjectRecord {
  const { code, name, active } = project;
  return { object: 'project', id: code, name, number: code, originId: null, active };
}

export function accountRecord({ code, name, postable }: z.output<typeof wire.account>): AccountRecord {
  return { object: 'account', id: code, name, postable };
}

export function periodRecord({ code, name, from, to, open }: z.output<typeof wire.period>): PeriodRecord {
  return { object: 'period', id: code, name, from: calendarDate(from), to: calendarDate(to), open };
}
