import type { Books } from './books.ts';
import type { SourceVersion } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I5: the versions of one record take effect in the order of the source, never one after a later one, and nothing
 * takes effect before what it builds on. Told by when effects were committed in the target.
 */
export function judgeOrder({ evidence, effects, versions }: Books, tally: Tally): void {
  const records = new Map<string, SourceVersion[]>();
  for (const version of evidence.source.versions) {
    if (!effects.has(version.key)) continue;
    const there = records.get(version.record);
    if (there === undefined) records.set(version.record, [version]);
    else there.push(version);
    judgeParents(version, { effects, versions }, tally);
  }
  for (const inOrder of records.values()) {
    if (inOrder.length < 2) continue;
    inOrder.sort((a, b) => a.order - b.order);
    let latest = inOrder[0]!;
    for (const version of inOrder.slice(1)) {
      tally.judged += 1;
      const { first, last } = effects.get(version.key)!;
      const before = effects.get(latest.key)!.last;
      if (first < before)
        tally.broken(`${version.key} took effect at ${first}, ${latest.key} again or only at ${before}`);
      if (last > before) latest = version;
    }
  }
}

function judgeParents(
  { key, after = [] }: SourceVersion,
  { effects, versions }: Pick<Books, 'effects' | 'versions'>,
  tally: Tally,
): void {
  for (const parent of after) {
    tally.judged += 1;
    const of = effects.get(parent);
    if (of === undefined) {
      // A version that was replaced before it took effect is stood in for by the one that replaced it.
      if (versions.get(parent)?.ended == null)
        tally.broken(`${key} took effect, ${parent} before it never did`);
    } else if (of.first > effects.get(key)!.first)
      tally.broken(`${key} took effect at ${effects.get(key)!.first}, ${parent} only at ${of.first}`);
  }
}
