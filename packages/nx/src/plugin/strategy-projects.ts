/** The targets of a strategy: conformance, verification, matrix. */
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { basename } from 'node:path';
import { type Inputs, simulator } from './inputs.ts';
import type { Options } from './options.ts';
import { packageProject } from './package-project.ts';
import type { Workspace } from './workspace.ts';

/** The strategy that others are compared with. */
const COMPARED_WITH = 'baseline';

/** The kernel model under which hooks, which are for both walkers, are measured and verified. */
const HOOKED_KERNEL = 'v6.12';
/** The same for a verification within minutes: one section at a time. */
const EXPLORED_KERNEL = `'v6.4?unmap-hint=unknown&map-lock=exclusive'`;

/** The project of a strategy, and what the harness gains by it. */
export function strategyProjects(
  root: string,
  workspace: Workspace,
  options: Options,
): Record<string, Partial<ProjectConfiguration>> {
  const strategy = basename(root);
  const project = workspace.strategyProject(strategy);
  const targets = {
    ...packageProject(root, options)[root]?.targets,
    conformance: conformance(strategy, root),
    // The same tests under the name that other packages have for theirs.
    test: { executor: 'nx:noop', dependsOn: ['conformance'] },
    verify: verify(strategy, workspace),
    matrix: matrix(strategy, workspace),
  };
  return {
    [root]: { targets },
    // It finds strategies in their folder, and so depends on those too that no manifest names.
    ...(workspace.hasSimulator && project !== undefined && { harness: { implicitDependencies: [project] } }),
  };
}

/** Where results go. Not in the strategy's folder: they are no part of it. */
function resultsOf(strategy: string): string {
  return `.results/${strategy}`;
}

function conformance(strategy: string, root: string): TargetConfiguration {
  const file = `${resultsOf(strategy)}/conformance.json`;
  return {
    command: `vitest run --project ${strategy} --reporter=default --reporter=json --outputFile.json=${file}`,
    cache: true,
    inputs: ['default', '^production', { externalDependencies: ['vitest', 'vite', 'fast-check'] }],
    outputs: [`{workspaceRoot}/${file}`],
    metadata: { description: `The conformance suite and the tests of ${root}` },
  };
}

function verify(strategy: string, workspace: Workspace): TargetConfiguration {
  const folder = `${resultsOf(strategy)}/verify`;
  return {
    command: `s2bench verify ${verified(strategy, workspace)} --out ${folder}`,
    cache: true,
    inputs: resultInputs(workspace),
    outputs: [`{workspaceRoot}/${folder}`],
    metadata: { description: 'Every interleaving of the small worlds: a verdict, and counterexamples as files' },
  };
}

/** What is verified: a strategy, or hooks beside what the release does. */
function verified(strategy: string, workspace: Workspace): string {
  const hook = workspace.hookFlag(strategy);
  return hook === undefined ? strategy : `upstream --kernel ${EXPLORED_KERNEL} ${hook} ${strategy}`;
}

function matrix(strategy: string, workspace: Workspace): TargetConfiguration {
  const alone = strategy === COMPARED_WITH;
  const compared = alone ? undefined : workspace.strategyProject(COMPARED_WITH);
  const folder = resultsOf(strategy);
  const hook = workspace.hookFlag(strategy);
  const command =
    hook === undefined
      ? `s2bench run --strategy ${alone ? strategy : `${COMPARED_WITH},${strategy}`}`
      : `s2bench run --strategy upstream --kernel ${HOOKED_KERNEL} ${hook} upstream,${strategy} --stages all`;
  const configuration = (size: string, flags: string): object => ({
    size,
    command: `${command} ${flags} --out ${folder}/${size}`,
  });
  return {
    executor: 'nx:run-commands',
    cache: true,
    inputs: [
      ...resultInputs(workspace),
      ...(compared === undefined ? [] : [{ input: 'production', projects: [compared] }]),
    ],
    outputs: [`{workspaceRoot}/${folder}/{options.size}`],
    // `size` names the folder for Nx; it is no option of the command.
    options: { forwardAllArgs: false },
    defaultConfiguration: 'small',
    configurations: {
      small: configuration('small', '--vcpus 20'),
      full: configuration('full', `--vcpus 20,40,60 --granule 1G,2M${hook === undefined ? ' --stages all' : ''}`),
    },
    metadata: { description: `Times beside ${COMPARED_WITH}: -c small for a glance, -c full for all stages` },
  };
}

function resultInputs(workspace: Workspace): Inputs {
  return ['production', '^production', ...simulator(workspace)];
}
