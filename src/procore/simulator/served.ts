import { accessError, notFound } from './http/errors.ts';
import type { Settings } from './settings.ts';
import type { World } from './state.ts';

/** Some routes are not there for every company, or for nobody of it. */
export function assertServed({ settings }: World, route: keyof Settings['payment_readiness']): void {
  const served = settings.payment_readiness[route];
  if (served === 'absent') throw notFound();
  if (served === 'forbidden') throw accessError(403, 'You do not have permission to perform this action.');
}
