import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Of their group, longest first; within one line the larger file goes first.
const LONGEST = ['/test/attack/postgres.', '/test/attack/kills.', '/test/browser/', '/test/scenarios/'];

/**
 * Vitest begins with the largest files. Ours that take the longest are short, and begun last each would keep one
 * worker busy while the others have nothing left to do.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part));
  return rank === -1 ? LONGEST.length : rank;
}
