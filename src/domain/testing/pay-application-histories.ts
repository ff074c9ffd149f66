import fc from 'fast-check';
import { type LineContract, type LineWork, payApplications } from './pay-applications.ts';

const cents = fc.bigInt({ min: 0n, max: 10_000_000n });
const percent = fc.bigInt({ min: 0n, max: 100n });
const period = fc.record({
  worked: cents,
  delivered: cents,
  installed: percent,
  rate: percent,
  release: percent,
});
const ids = ['1', '2', '3'] as const;

/** Any course of a contract of three lines, the last one deductive and small, in which every application is sound. */
export const applicationHistories = fc
  .record({
    movesStored: fc.boolean(),
    periods: fc.array(fc.tuple(period, period, period), { minLength: 1, maxLength: 6 }),
  })
  .map(({ movesStored, periods }) => {
    const contract: LineContract[] = ids.map((id) => ({
      id,
      scheduled: id === '3' ? -(10n ** 9n) : 10n ** 9n,
      bills: id === '3' ? 'change-order' : 'contract',
    }));
    const state = ids.map(() => ({ stored: 0n, work: 0n, onStored: 0n }));
    const steps = periods.map((lines) =>
      Object.fromEntries(
        ids.map((id, index) => [id, step(state[index]!, sized(id, lines[index]!), movesStored)]),
      ),
    );
    return payApplications(contract, steps, movesStored);
  });

function sized<P extends { readonly worked: bigint; readonly delivered: bigint }>(id: string, period: P): P {
  return id === '3' ? { ...period, worked: period.worked / 20n, delivered: period.delivered / 20n } : period;
}

function step(
  held: { stored: bigint; work: bigint; onStored: bigint },
  {
    worked,
    delivered,
    installed,
    rate,
    release,
  }: Record<'worked' | 'delivered' | 'installed' | 'rate' | 'release', bigint>,
  movesStored: boolean,
): LineWork {
  const moved = movesStored ? held.stored : (held.stored * installed) / 100n;
  held.stored += delivered - moved;
  if (movesStored) {
    held.work += held.onStored;
    held.onStored = 0n;
  }
  const retainedOnWork = (worked * rate) / 100n;
  const retainedOnStored = (delivered * rate) / 100n;
  const releasedOnWork = ((held.work + retainedOnWork) * release) / 100n;
  const releasedOnStored = ((held.onStored + retainedOnStored) * release) / 100n;
  held.work += retainedOnWork - releasedOnWork;
  held.onStored += retainedOnStored - releasedOnStored;
  return {
    worked,
    delivered,
    installed: moved,
    retainedOnWork,
    retainedOnStored,
    releasedOnWork,
    releasedOnStored,
  };
}
