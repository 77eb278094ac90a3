/** Mutants of one file, by Stryker's instrumenter, and names that they keep when code moves. */
import { Instrumenter } from '@stryker-mutator/instrumenter';
import ts from 'typescript';

/** Longer code is shown by its beginning and its end. */
const LONGEST_CODE = 110;

/** What became of a mutant. One that is only run while modules are loaded is ignored: they are loaded once for all. */
export type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored';

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
  /** By which the code that holds all mutants of a file turns this one on. */
  readonly id: string;
}

/** A file that holds all of its mutants, each behind a switch. */
export interface Instrumented {
  readonly mutants: readonly Planted[];
  /** Counts by mutant how often it is met. */
  readonly counting: string;
  /** Does not, and is quicker. */
  readonly plain: string;
}

/** Plants all mutants of a source. */
export async function instrument(file: string, text: string): Promise<Instrumented> {
  const options = { plugins: null, ignorers: [], excludedMutations: [] };
  const instrumenter = new Instrumenter(SILENT);
  const { files, mutants } = await instrumenter.instrument([{ name: file, content: text, mutate: true }], options);
  const instrumented = files[0]?.content ?? '';
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return {
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
    counting: `const counts = globalThis.__stryker__.counts;\n${replaceCalls(instrumented, (ids) => `(${ids.map((id) => `counts[${id}]++`).join(', ')})`)}`,
    plain: replaceCalls(instrumented, () => '0'),
  };
}

function replaceCalls(code: string, replacement: (ids: readonly string[]) => string): string {
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
