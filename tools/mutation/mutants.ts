/** Mutants of one file, by Stryker's instrumenter, and names that they keep when code moves. */
import { Instrumenter } from '@stryker-mutator/instrumenter';
import ts from 'typescript';

/** Longer code is shown by its beginning and its end. */
const LONGEST_CODE = 110;

/**
 * What became of a mutant.
 * One that is only run while modules are loaded is ignored: they are loaded once for all. One that a sample left out was
 * not run.
 */
export type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'NotRun';

/** A mutant and what became of it. Line numbers are for whoever looks for it, not part of its name. */
export interface Mutant {
  /** The file, from the repository's root. */
  readonly file: string;
  /** The innermost function, method or constant around it. */
  readonly within: string;
  readonly mutator: string;
  /** The code that was replaced, on one line. */
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly status: Status;
}

/** A mutant that nobody has looked for yet. */
export interface Planted extends Omit<Mutant, 'status'> {
  /** By which the code that holds mutants turns this one on; no other of the same call has it. */
  readonly id: string;
}

/** A source, by its path from the repository's root. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A source and its mutants. */
export interface Instrumented {
  readonly file: string;
  readonly mutants: readonly Planted[];
  /** Counts by mutant how often its place is met. */
  readonly counting: string;
  /** Holds some of the mutants, each behind a switch, and is as quick as it can be. */
  readonly holding: (ids: ReadonlySet<string>) => string;
}

/** Plants all mutants of some sources. */
export async function instrument(sources: readonly Source[]): Promise<Instrumented[]> {
  const options = { plugins: null, ignorers: [], excludedMutations: [] };
  const instrumenter = new Instrumenter(SILENT);
  const given = sources.map(({ file, text }) => ({ name: file, content: text, mutate: true }));
  const { files, mutants } = await instrumenter.instrument(given, options);
  return sources.map((source) => {
    const code = files.find(({ name }) => name === source.file)?.content ?? '';
    return instrumented(
      source,
      code,
      mutants.filter(({ fileName }) => fileName === source.file),
    );
  });
}

function instrumented({ file, text }: Source, code: string, mutants: readonly StrykerMutant[]): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return {
    file,
    mutants: mutants.map(({ id, location, mutatorName, replacement }) => {
      // The instrumenter counts lines and columns from 0, as TypeScript does.
      const [start = 0, end] = [location.start, location.end].map(({ line, column }) =>
        source.getPositionOfLineAndCharacter(line, column),
      );
      return {
        id,
        file,
        within: nameAround(source, start),
        mutator: mutatorName,
        from: onOneLine(text.slice(start, end)),
        to: onOneLine(replacement),
        line: location.start.line + 1,
      };
    }),
    // Calls name mutants. The function that they call counts by name, for which hot loops have no time.
    counting: `${COUNTS}${withSwitches(
      withCounts(code, (ids) => `(${ids.map((id) => `stryCounts_9fa48[${id}]++`).join(', ')})`),
      new Set(),
    )}`,
    holding: (ids) =>
      `${SWITCHES}${withSwitches(
        withCounts(code, () => '0'),
        ids,
      )}`,
  };
}

type StrykerMutant = Awaited<ReturnType<Instrumenter['instrument']>>['mutants'][number];

const COUNTS = 'const stryCounts_9fa48 = globalThis.__stryker__.counts;\n';
const SWITCHES = 'const stryker_9fa48 = globalThis.__stryker__;\n';

/** A mutant that is off costs a comparison and no call, one that is not wanted nothing. */
function withSwitches(code: string, wanted: ReadonlySet<string>): string {
  return code.replaceAll(/\bstryMutAct_9fa48\("(\d+)"\)/g, (call, id: string) =>
    wanted.has(id) ? `(stryker_9fa48.activeMutant === "${id}" && ${call})` : 'false',
  );
}

function withCounts(code: string, replacement: (ids: readonly string[]) => string): string {
  return code.replaceAll(/\bstryCov_9fa48\(((?:"\d+"(?:, )?)+)\)/g, (_call, ids: string) =>
    replacement(ids.match(/\d+/g) ?? []),
  );
}

const ignore = (): void => undefined;
const SILENT = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

/** Names of the class and the function around a place, or of the constant that it belongs to. */
export function nameAround(source: ts.SourceFile, position: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.getStart() || position >= node.getEnd()) return;
    const outermost = names.length === 0;
    if (ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) names.push(node.name?.text ?? 'default');
    else if (ts.isConstructorDeclaration(node)) names.push('constructor');
    else if (ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertyDeclaration(node))
      names.push(node.name.getText());
    else if (outermost && ts.isVariableDeclaration(node)) names.push(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names.slice(0, 2).join('.') || 'module';
}

/** Code without line breaks, cut in the middle where it is long. */
export function onOneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= LONGEST_CODE) return line;
  const end = Math.floor(LONGEST_CODE / 4);
  return `${line.slice(0, LONGEST_CODE - end)} … ${line.slice(-end)}`;
}
