import { UsageError } from '../../cli/shell.ts';

/** The number behind `--seed`: the same one gives the same contractor and the same story. */
export function seedFrom(flag: string | boolean | undefined, otherwise: number): number {
  const seed = flag === undefined ? otherwise : Number(flag);
  if (flag === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError('--seed takes a whole number');
  return seed;
}
