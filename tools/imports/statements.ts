/** Every import statement of the workspace, as dependency-cruiser reads and resolves them. */
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';

/** A source and the files that it imports, as types too. Paths are relative to the workspace. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly string[];
}

/** What was read. */
export interface Statements {
  readonly files: readonly SourceFile[];
  /** Files that import each other, directly or by way of others: `a.ts → b.ts → a.ts`. */
  readonly circles: readonly string[];
}

const OPTIONS: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)(node_modules|dist|out-tsc|templates|starts)/' },
  // Types are imports as well: who needs a file's types cannot be understood without it.
  tsPreCompilationDeps: true,
  validate: true,
  ruleSet: { forbidden: [{ name: 'circle', severity: 'error', from: {}, to: { circular: true } }] },
};

/** Packages are resolved to their sources, as everywhere in the workspace. */
const RESOLVE = {
  exportsFields: ['exports'],
  conditionNames: ['@s2bench/source', 'types', 'import', 'default'],
  extensions: ['.ts', '.js', '.json'],
};

/**
 * Reads all sources in folders of a workspace.
 *
 * @param isOurs - whether a name that is imported is one of the workspace's packages
 * @throws Error where such an import leads nowhere: what cannot be resolved would be missing from all that is concluded
 */
export async function readStatements(
  root: string,
  folders: readonly string[],
  isOurs: (specifier: string) => boolean,
): Promise<Statements> {
  const { output } = await cruise([...folders], { ...OPTIONS, baseDir: root }, RESOLVE);
  const { modules, summary } = output as ICruiseResult;
  const files = modules
    .filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)))
    .map(({ source, dependencies }) => {
      const lost = dependencies.find(({ couldNotResolve, module }) => couldNotResolve && isOurs(module));
      if (lost !== undefined) throw new Error(`${source} imports ${lost.module}, which is nowhere`);
      return { path: source, imports: dependencies.map(({ resolved }) => resolved) };
    });
  const circles = summary.violations.map(({ from, cycle = [] }) =>
    [from, ...cycle.map(({ name }) => name)].join(' → '),
  );
  return { files, circles };
}
