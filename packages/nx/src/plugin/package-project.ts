/** What every package of the workspace gets. */
import type { ProjectConfiguration } from '@nx/devkit';
import type { Options } from './options.ts';

/** Lint of a package's sources. The rules read the types of what it imports, so that counts as well. */
export function packageProject(root: string, { lintSources }: Options): Record<string, Partial<ProjectConfiguration>> {
  if (lintSources === undefined) return { [root]: {} };
  const lint = {
    command: `${lintSources} ${root}`,
    cache: true,
    inputs: [
      'default',
      '^production',
      '{workspaceRoot}/eslint.config.js',
      { externalDependencies: ['eslint', 'typescript', 'typescript-eslint', '@nx/eslint-plugin'] },
    ],
    outputs: [],
  };
  return { [root]: { targets: { lint } } };
}
