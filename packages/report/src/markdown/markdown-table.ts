/** A table alone, as Markdown. */
import { root, table } from './tree.ts';
import { writeMarkdown } from './write.ts';

/**
 * The table as GitHub's Markdown. Values are text: what would mean something in Markdown is escaped.
 *
 * @param rows - as many values each as there are columns
 */
export function renderMarkdownTable(
  columns: readonly { readonly label: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => row.map((text) => [text]));
  return writeMarkdown(root([table({ columns, rows: cells })]));
}
