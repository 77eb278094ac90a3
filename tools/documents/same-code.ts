/** Whether two sources are the same code, comments and blank lines aside. */
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

function codeOf(text: string): string[] {
  const file = ts.createSourceFile('code.ts', text, ts.ScriptTarget.Latest);
  return printer.printFile(file).split('\n');
}

/** The first line in which they differ, as both have it; `undefined` where they do not. */
export function firstDifference(shown: string, actual: string): { shown: string; actual: string } | undefined {
  const [left, right] = [codeOf(shown), codeOf(actual)];
  const at = Array.from({ length: Math.max(left.length, right.length) }).findIndex(
    (_, line) => left[line] !== right[line],
  );
  return at < 0 ? undefined : { shown: (left[at] ?? 'nothing').trim(), actual: (right[at] ?? 'nothing').trim() };
}
