/** The branches of a strategy's code, and which of them were taken, by the counts that V8 keeps of its blocks. */
import type { Profiler } from 'node:inspector';
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyNode } from 'acorn';
import type { Branch } from '../../plan/branch.ts';
import { ancestorsOf, readManifest } from '../../plugins/locate.ts';
import { type StrategyModule, visit } from '../../plugins/modules.ts';

/** A branch and how it shows. */
interface Watched extends Branch {
  /** It was taken if this place was counted. */
  readonly at: number;
  /** If this place is given: if it was counted more often than the other. */
  readonly above?: number;
}

/** The branches of a strategy's modules. */
export class Branches {
  readonly #modules: readonly { readonly url: string; readonly branches: readonly Watched[] }[];

  constructor(modules: readonly StrategyModule[]) {
    const [entry] = modules;
    const root = entry === undefined ? '' : packageOf(fileURLToPath(entry.url));
    this.#modules = modules.map((module) => ({ url: module.url, branches: branchesOf(module, root) }));
  }

  /** The branches that were not taken while these counts were kept. */
  untaken(scripts: readonly Profiler.ScriptCoverage[], isOf: (script: string, url: string) => boolean): Branch[] {
    return this.#modules.flatMap(({ url, branches }) => {
      const counts = scripts.filter((script) => isOf(script.url, url)).map((script) => new Counts(script));
      const sum = (offset: number): number => counts.reduce((total, each) => total + each.at(offset), 0);
      return branches
        .filter(({ at, above }) => (above === undefined ? sum(at) === 0 : sum(above) <= sum(at)))
        .map(({ file, line, column, text, start, end }) => ({ file, line, column, text, start, end }));
    });
  }
}

/** How often each place of a script was run. */
class Counts {
  readonly #ranges: readonly Profiler.CoverageRange[];

  constructor({ functions }: Profiler.ScriptCoverage) {
    this.#ranges = functions.flatMap(({ ranges }) => ranges);
  }

  /** The count of the smallest block around a place. */
  at(offset: number): number {
    let size = Infinity;
    let found = 0;
    for (const { startOffset, endOffset, count } of this.#ranges) {
      if (offset < startOffset || offset >= endOffset || endOffset - startOffset > size) continue;
      size = endOffset - startOffset;
      found = count;
    }
    return found;
  }
}

/** The folder that paths are relative to: the package's, or the file's own where it is in none. */
function packageOf(path: string): string {
  return ancestorsOf(dirname(path)).find((folder) => readManifest(folder) !== undefined) ?? dirname(path);
}

function branchesOf({ url, code, program }: StrategyModule, root: string): Watched[] {
  const path = fileURLToPath(url);
  const file = relative(root, path).startsWith('..') ? basename(path) : relative(root, path).replaceAll('\\', '/');
  const branches: Watched[] = [];
  const add = (node: AnyNode, text: string, span: { start: number; end: number }, at: number, above?: number): void => {
    const { line = 1, column = 0 } = node.loc?.start ?? {};
    const { start, end } = span;
    branches.push({ file, line, column: column + 1, text, start, end, at, ...(above !== undefined && { above }) });
  };
  const quoted = ({ start, end }: AnyNode): string => shortened(code.slice(start, end));
  // What has no code of its own spans nothing.
  const point = ({ start }: AnyNode): { start: number; end: number } => ({ start, end: start });
  const inFunction = (node: AnyNode): void => {
    switch (node.type) {
      case 'IfStatement':
        add(node.consequent, `is never run: ${quoted(node.consequent)}`, node.consequent, node.consequent.start);
        if (node.alternate)
          add(node.alternate, `is never run: ${quoted(node.alternate)}`, node.alternate, node.alternate.start);
        else add(node, `is never false: ${quoted(node.test)}`, point(node), node.consequent.start, node.start);
        break;
      case 'ConditionalExpression':
        for (const arm of [node.consequent, node.alternate]) add(arm, `is never taken: ${quoted(arm)}`, arm, arm.start);
        break;
      case 'LogicalExpression':
        add(node.right, `is never looked at: ${quoted(node.right)}`, node.right, node.right.start);
        add(node, `is never decided by its left side: ${quoted(node)}`, point(node), node.right.start, node.left.start);
        break;
      case 'WhileStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        add(node.body, `is never run: ${quoted(node.body)}`, node.body, node.body.start);
        break;
      case 'SwitchCase': {
        const [first] = node.consequent;
        if (first !== undefined) add(node, `is never run: ${quoted(node)}`, node, first.start);
        break;
      }
      case 'CatchClause':
        add(node, `is never run: ${quoted(node)}`, node, node.body.start);
        break;
      default:
    }
  };
  visit(program, (node) => {
    if (!isFunction(node)) return;
    // A method's own function node begins at its parameters, where V8 counts it as well.
    add(node, `is never called: ${quoted(node)}`, node, node.body.start);
    visitBody(node.body, inFunction);
  });
  return branches;
}

function isFunction(node: AnyNode) {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** Visits what belongs to a function and to none within it. */
function visitBody(body: AnyNode, onNode: (node: AnyNode) => void): void {
  const within: AnyNode[] = [];
  visit(body, (node) => {
    if (node !== body && isFunction(node)) within.push(node);
  });
  visit(body, (node) => {
    const isOther = within.some(({ start, end }) => node.start >= start && node.end <= end);
    if (!isOther) onNode(node);
  });
}

const MOST_CHARACTERS = 60;

function shortened(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}
