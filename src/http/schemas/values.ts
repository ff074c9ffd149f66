import { z } from 'zod';

/**
 * The shapes of /api/v1, by their subject. OpenAPI and the web app's types are generated from them; nothing is defined
 * twice.
 */

export const documentStates = [
  'planned',
  'blocked',
  'in-review',
  'awaiting-approval',
  'ready',
  'posting',
  'posted',
  'confirmed',
  'refused',
  'conflict',
  'withdrawn',
  'detached',
] as const;

export const phases = ['read-only', 'one-way', 'bidirectional'] as const;

export const Instant = z.iso.datetime();

export const CalendarDay = z.iso.date();

/** A decimal string in major units, e.g. "-1250.00". Never a JSON number. */
export const Amount = z.string().regex(/^-?\d+(\.\d+)?$/);
