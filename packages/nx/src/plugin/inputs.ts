/** What results are made of, beside the strategies themselves. */
import type { TargetConfiguration } from '@nx/devkit';
import type { Workspace } from './workspace.ts';

/** Inputs of a target, as Nx has them. */
export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/**
 * The packages that a simulation and a verification run, as globs of the workspace and not as dependencies of the
 * strategies: the harness depends on the strategies, and Nx takes a project as affected when such a file changes.
 * Strategies and reports depend on the core in any case.
 */
const FOLDERS = [
  'harness',
  ...['machine', 'report', 'studies', 'verify', 'workloads'].map((name) => `packages/${name}`),
];
const SOURCES: Inputs = [
  ...FOLDERS.map((folder) => `{workspaceRoot}/${folder}/src/**/*`),
  ...FOLDERS.flatMap((folder) => [
    `!{workspaceRoot}/${folder}/src/**/*.test.ts`,
    `!{workspaceRoot}/${folder}/src/**/*.test-d.ts`,
  ]),
];

/** The simulator: its sources in a clone, elsewhere the version that is installed. */
export function simulator(workspace: Workspace): Inputs {
  return workspace.hasSimulator ? SOURCES : [{ externalDependencies: ['s2bench'] }];
}
