/** The modules that a strategy is made of: its own and those beside it that it imports, as Node runs them. */
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type AnyNode, parse, type Program } from 'acorn';
import { readText } from '../cli/files.ts';
import { withoutSearch } from './realms.ts';

/** A module as it is run: of TypeScript the types are blanks, so that every position is that of the source. */
export interface StrategyModule {
  /** Without options. */
  readonly url: string;
  readonly code: string;
  readonly program: Program;
}

/** The module of a URL and what it imports from files beside it, itself first. Packages are not its own. */
export function modulesOf(entryUrl: string): StrategyModule[] {
  const found = new Map<string, StrategyModule>();
  const waiting = [withoutSearch(entryUrl)];
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    if (found.has(url)) continue;
    const code = runnableOf(url);
    const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true });
    found.set(url, { url, code, program });
    for (const specifier of importsOf(program)) {
      const path = /^(\.{0,2}\/|file:)/.test(specifier) ? URL.parse(specifier, url) : null;
      if (path !== null && /\.[cm]?[jt]s$/.test(path.pathname)) waiting.push(withoutSearch(path.href));
    }
  }
  return [...found.values()];
}

function runnableOf(url: string): string {
  const path = fileURLToPath(url);
  const text = readText(path, path);
  if (!/\.[cm]?ts$/.test(url)) return text;
  // Node strips types in the same way without a word; only to be asked for it is called experimental.
  const mutable = process as { emitWarning: unknown };
  const before = mutable.emitWarning;
  mutable.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    mutable.emitWarning = before;
  }
}

function importsOf(program: Program): string[] {
  const specifiers: string[] = [];
  visit(program, (node) => {
    const source = sourceOf(node);
    if (source?.type === 'Literal' && typeof source.value === 'string') specifiers.push(source.value);
  });
  return specifiers;
}

/** What a node imports, by import, export, import() or require(). */
function sourceOf(node: AnyNode): AnyNode | null | undefined {
  if ('source' in node) return node.source;
  const isRequire =
    node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require';
  return isRequire ? node.arguments[0] : undefined;
}

/** Calls back for a node and all below it, in the order of the source. */
export function visit(node: AnyNode, onNode: (node: AnyNode) => void): void {
  onNode(node);
  for (const value of Object.values(node) as unknown[]) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(item)) visit(item, onNode);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
