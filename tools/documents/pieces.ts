/** What a Markdown document tells a reader to type, paste or expect. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';

interface Place {
  readonly document: string;
  readonly line: number;
}

/** A command: a line of an `sh` block, or inline code that begins with `npx` or `npm`. */
export interface Command extends Place {
  readonly kind: 'command';
  /** Without its comment. */
  readonly code: string;
  /** What the document says that it prints: the `text` block that follows its block. */
  readonly output?: string;
}

/** A block of TypeScript. Blocks with the same `file=` after the language are one file. */
export interface Source extends Place {
  readonly kind: 'source';
  readonly code: string;
  readonly file: string;
}

/** Inline code that names a command or a flag of s2bench, which there has to be: `s2bench merge`, `--jobs`. */
export interface Mention extends Place {
  readonly kind: 'mention';
  readonly code: string;
}

/** Any other block: nobody can say what it would be to run it. */
export interface OtherBlock extends Place {
  readonly kind: 'block';
  /** Its first line. */
  readonly code: string;
}

/** Something that can be wrong. */
export type Piece = Command | Source | Mention | OtherBlock;

/** Everything in a document that can be tried, in the order in which it stands there. */
export function piecesOf(document: string, markdown: string): Piece[] {
  const pieces: Piece[] = [];
  const printed = new Set<unknown>();
  visit(fromMarkdown(markdown), (node, index, parent) => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'inlineCode') {
      const code = node.value.trim();
      if (/^(npx|npm) ./.test(code)) pieces.push({ kind: 'command', document, line, code });
      else if (/^(s2bench|--[a-z])/.test(code) && !/^s2bench[-.]/.test(code))
        pieces.push({ kind: 'mention', document, line, code });
    }
    if (node.type !== 'code' || printed.has(node)) return;
    if (node.lang === 'sh') {
      const next = parent?.children[(index ?? 0) + 1];
      const output = next?.type === 'code' && next.lang === 'text' ? next.value : undefined;
      if (output !== undefined) printed.add(next);
      const commands = commandsOf(node.value);
      pieces.push(
        ...commands.map(({ code, offset }, at): Command => {
          const isLast = at === commands.length - 1;
          return {
            kind: 'command',
            document,
            line: line + offset,
            code,
            ...(isLast && output !== undefined && { output }),
          };
        }),
      );
    } else if (node.lang === 'ts') {
      const file = /(?:^|\s)file=(\S+)/.exec(node.meta ?? '')?.[1] ?? `snippet-${line}.ts`;
      pieces.push({ kind: 'source', document, line, file, code: node.value });
    } else pieces.push({ kind: 'block', document, line, code: node.value.split('\n')[0] ?? '' });
  });
  return pieces;
}

/** The commands of a block: a line each, unless a backslash ends it. */
function commandsOf(block: string): { code: string; offset: number }[] {
  const commands: { code: string; offset: number }[] = [];
  let continued = '';
  for (const [offset, line] of `${block}\n`.split('\n').entries()) {
    if (line.endsWith('\\')) {
      continued += `${line.slice(0, -1).trimEnd()} `;
      continue;
    }
    const code = `${continued}${line.trim()}`.replace(/(^|\s+)#(\s.*)?$/, '');
    if (code !== '') commands.push({ code, offset: offset + 1 });
    continued = '';
  }
  return commands;
}
