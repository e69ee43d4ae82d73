import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A few lines each, and most of the time that all tests take. */
const LONGEST = [
  ...['faults/members', 'faults/answers', 'scripts/commands', 'scripts/whole-run'],
  ...['faults/killed', 'faults/secrets'],
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at === -1 ? LONGEST.length : at;
};

/**
 * In a fresh checkout nothing tells how long a file takes, and Vitest goes by its size: the longest would come last,
 * one core at work on it and the others idle.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
