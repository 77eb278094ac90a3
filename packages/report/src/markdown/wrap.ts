/** Breaks the lines of prose, so that a report reads well in a terminal and in a diff. */
import type { Nodes, PhrasingContent } from 'mdast';

/** Where a line of prose ends at the latest. */
export const LINE_COLUMNS = 100;

/**
 * Breaks the paragraphs of a tree at spaces, in place of the space. It is done in the tree and not in the text, so that
 * the writer escapes what would mean something at the start of a line.
 */
export function wrapProse<T extends Nodes>(node: T, columns = LINE_COLUMNS): T {
  if (node.type === 'paragraph') {
    const line = { used: 0, columns };
    return { ...node, children: wrapInline(node.children, line) };
  }
  // A table row is a line, and so is a heading.
  if (node.type === 'table' || node.type === 'heading' || !('children' in node)) return node;
  const inner = node.type === 'listItem' ? columns - 3 : columns;
  return { ...node, children: node.children.map((child) => wrapProse(child, inner)) };
}

interface Line {
  used: number;
  readonly columns: number;
}

function wrapInline(children: readonly PhrasingContent[], line: Line): PhrasingContent[] {
  return children.map((child, index) => {
    if (child.type !== 'text') {
      line.used += widthOf(child);
      return child;
    }
    // What follows without a space belongs to the last word.
    const next = children[index + 1];
    const glued = next === undefined ? 0 : leadingWidth(next, children.slice(index + 2));
    return { ...child, value: wrapText(child.value, glued, line) };
  });
}

function wrapText(text: string, gluedWidth: number, line: Line): string {
  const words = text.split(' ');
  return words
    .map((word, index) => {
      const width = word.length + (index === words.length - 1 ? gluedWidth : 0);
      if (index === 0) {
        line.used += word.length;
        return word;
      }
      if (line.used + 1 + width > line.columns) {
        line.used = word.length;
        return `\n${word}`;
      }
      line.used += 1 + word.length;
      return ` ${word}`;
    })
    .join('');
}

/** The columns up to the first place where a line may break. */
function leadingWidth(node: PhrasingContent, rest: readonly PhrasingContent[]): number {
  if (node.type === 'text') {
    const space = node.value.indexOf(' ');
    if (space >= 0) return space;
  }
  const [next] = rest;
  return widthOf(node) + (next === undefined ? 0 : leadingWidth(next, rest.slice(1)));
}

function widthOf(node: PhrasingContent): number {
  if (node.type === 'text') return node.value.length;
  if (node.type === 'inlineCode') return node.value.length + 2;
  const inner = 'children' in node ? node.children.reduce((sum, child) => sum + widthOf(child), 0) : 0;
  return node.type === 'link' ? inner + node.url.length + 4 : inner + 4;
}
