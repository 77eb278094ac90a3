/** Documents as projects: a changed README is no reason to test a package. */
import type { ProjectConfiguration } from '@nx/devkit';
import type { Options } from './options.ts';

/**
 * The project of a document: the folder `docs` as a whole, elsewhere the file itself. Nx takes the project with the
 * longest root that a file lies under as the one that the file belongs to, and a file may be such a root.
 */
export function documentProject(
  file: string,
  { lintDocuments }: Options,
): Record<string, Partial<ProjectConfiguration>> {
  if (lintDocuments === undefined) return {};
  const root = file.startsWith('docs/') ? 'docs' : file;
  const lint = {
    command: `${lintDocuments} ${root}`,
    cache: true,
    inputs: [
      `{workspaceRoot}/${root === file ? file : `${root}/**/*`}`,
      { externalDependencies: ['remark-cli', 'remark-validate-links'] },
    ],
    outputs: [],
  };
  return { [root]: { name: root, targets: { lint } } };
}
