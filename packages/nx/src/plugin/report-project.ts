/** Reports as projects: one is made again when a strategy that it holds has changed. */
import type { ProjectConfiguration } from '@nx/devkit';
import { basename } from 'node:path';
import { simulator } from './inputs.ts';
import type { Workspace } from './workspace.ts';

/** What of a result's schema matters here, whatever its version. */
interface Results {
  readonly command?: unknown;
  readonly strategies?: readonly { readonly name: string }[];
}

/** A command that gives a report again: one program, no shell syntax but quotes. */
const REPEATABLE = /^s2bench run( [\w@.,:=/?&'"-]+)*$/;

/** The project of a published report. */
export function reportProject(root: string, workspace: Workspace): Record<string, Partial<ProjectConfiguration>> {
  const { command, strategies = [] } = workspace.readJson(`${root}/results.json`) as Results;
  const implicitDependencies = strategies
    .map(({ name }) => workspace.strategyProject(name))
    .filter((project) => project !== undefined);
  const project = { name: `report-${basename(root)}`, implicitDependencies };
  if (typeof command !== 'string' || !REPEATABLE.test(command)) return { [root]: project };
  const matrix = {
    command: `${command} --out ${root}`,
    cache: true,
    inputs: ['^production', ...simulator(workspace)],
    outputs: ['{projectRoot}'],
    metadata: { description: 'Makes the report again; the same sources give the same bytes' },
  };
  return { [root]: { ...project, targets: { matrix } } };
}
