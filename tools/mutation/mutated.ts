/** What is mutated, and whose tests have to notice: the one place that knows. */
import { existsSync, globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { ROOT } from '../scratch-clone.ts';

/** Sources, and the packages whose own tests have to kill their mutants. */
export interface Mutated {
  readonly name: string;
  /** Patterns from the repository's root. Tests are left out anyway. */
  readonly sources: readonly string[];
  /** The folders whose tests are run. */
  readonly tests: readonly string[];
  /** Percent of the mutants that have to die; left out where the score is only reported. */
  readonly leastScore?: number;
}

/** The clock, what guests do, and the page-table code that both rest on. */
export const MUTATED: readonly Mutated[] = [
  { name: 'machine', sources: ['packages/machine/src/**/*.ts'], tests: ['packages/machine'], leastScore: 85 },
  { name: 'workloads', sources: ['packages/workloads/src/**/*.ts'], tests: ['packages/workloads'], leastScore: 85 },
  {
    name: 'kernel',
    sources: [
      ...['map', 'walker', 'unmap'].map((file) => `packages/kernel/src/v5/${file}.ts`),
      'packages/core/src/stage2/stage2-table.ts',
    ],
    tests: ['packages/kernel', 'packages/core'],
  },
];

/** Whether there is such a file, named from the repository's root, and it is mutated. */
export function isSourceOf({ sources }: Mutated, file: string): boolean {
  return sources.some((pattern) => matchesGlob(file, pattern)) && existsSync(join(ROOT, file));
}

/** Its files, from the repository's root. */
export function sourcesOf({ sources }: Mutated): string[] {
  const all = globSync([...sources], { cwd: ROOT }).filter((file) => !/\.test(-d)?\.ts$/.test(file));
  return all.sort();
}
