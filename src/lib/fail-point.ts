/**
 * Named places between every two durable steps where a crash must not matter. Tests stop the process there;
 * in production they do nothing.
 */
export const failPoints = [
  'after-signal',
  'after-fetch',
  'after-plan',
  'after-intent',
  'after-release',
  'after-answer',
  'after-outcome',
  'after-confirm',
  'after-pull-page',
  'after-decision',
] as const;

export type FailPointName = (typeof failPoints)[number];
export type FailPoint = (name: FailPointName) => void;

export const noFailPoint: FailPoint = () => {};

/**
 * Ends the process without any clean-up at the n-th passing of a point, as `TIEBEAM_FAIL_AT=after-intent:2`
 * asks. Kill -9 and not exit: nothing may run afterwards that a power cut would not run.
 */
export function failPointFrom(setting: string | undefined, kill: () => void): FailPoint {
  if (setting === undefined || setting === '') return noFailPoint;
  const [name, count = '1'] = setting.split(':');
  if (!failPoints.some((point) => point === name))
    throw new Error(`TIEBEAM_FAIL_AT names no fail-point: ${name}. Known: ${failPoints.join(', ')}`);
  if (!/^[1-9]\d{0,5}$/.test(count))
    throw new Error(`TIEBEAM_FAIL_AT counts passings with a whole number from 1, not "${count}"`);
  let left = Number(count);
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) kill();
  };
}
