/** Builders of Markdown trees: as little as a report needs. */
import type { AlignType, BlockContent, InlineCode, Link, PhrasingContent, Root, RootContent, Strong } from 'mdast';

/** Text, or a node inside of it. */
export type Inline = string | PhrasingContent;

/** A name that its author chose, as code. */
export function code(value: string): InlineCode {
  return { type: 'inlineCode', value };
}

/** Text that a reader's eye should find. */
export function strong(value: string): Strong {
  return { type: 'strong', children: [{ type: 'text', value }] };
}

/** A link. */
export function link(url: string, value: string): Link {
  return { type: 'link', url, children: [{ type: 'text', value }] };
}

/** Inline nodes from text and nodes. White space is what Markdown makes of it: one space. */
export function inline(parts: readonly Inline[]): PhrasingContent[] {
  return parts.flatMap((part): PhrasingContent[] => {
    if (typeof part !== 'string') return [part];
    return part === '' ? [] : [{ type: 'text', value: part.replace(/[ \t\r\n]+/g, ' ') }];
  });
}

/** A paragraph from text and nodes. */
export function paragraph(...parts: readonly Inline[]): BlockContent {
  return { type: 'paragraph', children: inline(parts) };
}

/** A heading. */
export function heading(depth: 1 | 2 | 3, ...parts: readonly Inline[]): RootContent {
  return { type: 'heading', depth, children: inline(parts) };
}

/** A code block. */
export function codeBlock(lang: string, value: string): BlockContent {
  return { type: 'code', lang, value };
}

/** A list, one paragraph an item. */
export function list(ordered: boolean, items: readonly (readonly Inline[])[]): BlockContent {
  return {
    type: 'list',
    ordered,
    spread: false,
    children: items.map((item) => ({ type: 'listItem', spread: false, children: [paragraph(...item) as never] })),
  };
}

/** What a column holds, and so where its values stand. */
export interface Column {
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** A table's content, before it is a tree. */
export interface TableContent {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

/** A table. */
export function table({ columns, rows }: TableContent): BlockContent {
  const align: AlignType[] = columns.map((column) => column.align);
  const lines = [columns.map((column): readonly Inline[] => [column.label]), ...rows];
  return {
    type: 'table',
    align,
    children: lines.map((line) => ({
      type: 'tableRow',
      children: line.map((cell) => ({ type: 'tableCell', children: inline(cell) })),
    })),
  };
}

/** Nodes folded away under a line that says what they are. */
export function details(summary: string, ...nodes: readonly RootContent[]): readonly RootContent[] {
  const text = summary.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return [
    { type: 'html', value: `<details>\n<summary>${text}</summary>` },
    ...nodes,
    { type: 'html', value: '</details>' },
  ];
}

/** Rows that a table may have before it is folded away. */
const LONG_TABLE_ROWS = 14;

/** A table, folded away where it is long. */
export function foldedWhenLong(summary: string, content: TableContent): readonly RootContent[] {
  const node = table(content);
  return content.rows.length > LONG_TABLE_ROWS ? details(summary, node) : [node];
}

/** A document. */
export function root(children: readonly RootContent[]): Root {
  return { type: 'root', children: [...children] };
}
