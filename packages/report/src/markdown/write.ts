/** Writes a Markdown tree as text: GitHub's Markdown, the same bytes for the same tree. */
import type { Link, Nodes, Root } from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { printableLine, printableText } from '../printable.ts';
import { wrapProse } from './wrap.ts';

/** The tree as GitHub's Markdown, prose broken into lines, tables aligned. */
export function writeMarkdown(tree: Root): string {
  return toMarkdown(wrapProse(shown(tree)), {
    bullet: '-',
    emphasis: '_',
    fences: true,
    listItemIndent: 'one',
    extensions: [gfmTableToMarkdown({ stringLength: (text) => Array.from(text).length })],
  });
}

/** Letters of one run of text. */
const MAX_CHARS = 20_000;

/** The tree with every text printable, and without the links that would do something else than lead to a page. */
function shown<Node extends Nodes>(node: Node): Node {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return { ...node, value: printableLine(node.value, MAX_CHARS) };
    case 'code':
    case 'html':
      return { ...node, value: printableText(node.value) };
    case 'link':
      return { ...node, url: safeUrl(node), children: node.children.map(shown) };
    default:
      return 'children' in node ? { ...node, children: node.children.map((child) => shown(child)) } : node;
  }
}

/** Where a link leads: to a page, here or on the web. What is another scheme (`javascript:`, `data:`) leads nowhere. */
function safeUrl({ url }: Link): string {
  const printed = printableLine(url, MAX_CHARS);
  const { protocol = '' } = URL.parse(printed, 'https://report.invalid/') ?? {};
  return protocol === 'https:' || protocol === 'http:' ? printed : '#';
}
