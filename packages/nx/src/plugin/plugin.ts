/**
 * Infers projects and targets, so that none is listed by hand: what a strategy is checked with and measured by,
 * reports as projects that depend on the strategies that they hold, and documents as projects of their own.
 */
import type { CreateNodes } from '@nx/devkit';
import { dirname } from 'node:path';
import { documentProject } from './document-project.ts';
import type { Options } from './options.ts';
import { packageProject } from './package-project.ts';
import { reportProject } from './report-project.ts';
import { strategyProjects } from './strategy-projects.ts';
import { Workspace } from './workspace.ts';

export type { Options } from './options.ts';

const PACKAGES = ['packages/*', 'strategies/*', 'harness', 'tools'];

/** The files that projects are inferred from. */
const FILES = [
  ...PACKAGES.flatMap((folder) => [`${folder}/package.json`, `${folder}/*.md`]),
  '*.md',
  'docs/**/*.md',
  'reports/*/results.json',
];

type Projects = Awaited<ReturnType<CreateNodes[1]>>[number][1];

/** What Nx asks for projects: `"plugin": "@s2bench/nx/plugin"` in nx.json. */
export const createNodes: CreateNodes<Options> = [
  `{${FILES.join(',')}}`,
  (files, options = {}, { workspaceRoot }) => {
    const workspace = new Workspace(workspaceRoot);
    return files.map((file) => [file, { projects: projectsOf(file, workspace, options) }] as const);
  },
];

function projectsOf(file: string, workspace: Workspace, options: Options): NonNullable<Projects['projects']> {
  const root = dirname(file);
  if (file.endsWith('.md')) return documentProject(file, options);
  if (file.endsWith('results.json')) return reportProject(root, workspace);
  if (root.startsWith('strategies/')) return { ...strategyProjects(root, workspace, options) };
  return packageProject(root, options);
}
