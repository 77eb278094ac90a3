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

/**
 * A file as it runs, in one form: of code the syntax tree, which is the same for TypeScript and for what a build makes of
 * it. What cannot be parsed is its text.
 */
export function canonicalModule(url: string): { readonly text: string; readonly imports: readonly string[] } {
  const program = programIn(url);
  if (program === undefined) return { text: readText(fileURLToPath(url), url).replaceAll('\r\n', '\n'), imports: [] };
  const imports = importsOf(program);
  visit(program, (node) => {
    const source = sourceOf(node);
    if (source?.type === 'Literal' && typeof source.value === 'string')
      source.value = source.value.replace(/^(\.{0,2}\/.*)\.[cm]?[jt]s$/, '$1');
  });
  // A build says of a module without imports and exports that it is one.
  program.body = program.body.filter(
    (node) => node.type !== 'ExportNamedDeclaration' || node.declaration || node.source || node.specifiers.length > 0,
  );
  return { text: JSON.stringify(program, withoutPlaces), imports };
}

/** Leaves out of a node where it stands and how it is spelt. */
function withoutPlaces(this: unknown, key: string, value: unknown): unknown {
  if (key === 'start' || key === 'end' || typeof value === 'bigint') return undefined;
  // Of a template the spelling is what `String.raw` sees.
  return key === 'raw' && !(typeof this === 'object' && this !== null && 'cooked' in this) ? undefined : value;
}

function programIn(url: string): Program | undefined {
  if (!/\.[cm]?[jt]s$/.test(url)) return undefined;
  try {
    const options = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const;
    return parse(runnableOf(url), { ...options, sourceType: url.endsWith('.cjs') ? 'script' : 'module' });
  } catch {
    // What is wrong with it is said where it is loaded.
    return undefined;
  }
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
