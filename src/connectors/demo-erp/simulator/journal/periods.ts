import type { World } from '../company/state.ts';

/** What keeps a day from being booked on. */
export function periodFault(world: World, day: string): { code: string; message: string } | null {
  const period = [...world.records.periods.values()].find(
    ({ from, to }) => String(from) <= day && day <= String(to),
  );
  if (!period) return { code: 'no-period', message: `${day} lies in no accounting period` };
  return period.open === true ? null : { code: 'period-closed', message: `period ${period.code} is closed` };
}
