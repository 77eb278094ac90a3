/** Writes a Markdown tree as text: GitHub's Markdown, the same bytes for the same tree. */
import type { Root } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { wrapProse } from './wrap.ts';

/** The tree as GitHub's Markdown, prose broken into lines, tables aligned. */
export function writeMarkdown(tree: Root): string {
  return toMarkdown(wrapProse(tree), {
    bullet: '-',
    emphasis: '_',
    fences: true,
    listItemIndent: 'one',
    extensions: [gfmTableToMarkdown({ stringLength: (text) => Array.from(text).length })],
  });
}
