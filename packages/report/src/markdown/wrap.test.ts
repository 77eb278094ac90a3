import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, list, paragraph, root, strong, table } from './tree.ts';
import type { Inline } from './tree.ts';
import { LINE_COLUMNS } from './wrap.ts';
import { writeMarkdown } from './write.ts';

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(' '));
const part: fc.Arbitrary<Inline> = fc.oneof(
  words,
  word.map((text) => code(text)),
  word.map((text) => strong(text)),
);
const separated = fc.tuple(part, fc.constantFrom<Inline>(' ', ', ', ': '));
const parts = fc.array(separated, { maxLength: 12 }).map((pairs) => ['start ', ...pairs.flat(), 'end']);

function plain(text: string): string {
  return text.replace(/[`*\s-]+/g, ' ').trim();
}

describe('wrapped prose', () => {
  it('keeps every word and ends its lines in time', () => {
    fc.assert(
      fc.property(parts, fc.boolean(), (content, inList) => {
        const node = inList ? list(false, [content]) : paragraph(...content);
        const lines = writeMarkdown(root([node]));
        const expected = content.map((piece) => (typeof piece === 'string' ? piece : plainOf(piece))).join('');
        expect(plain(lines).replaceAll(' ', '')).toBe(expected.replaceAll(' ', ''));
        // A run of nodes without a space is one word, however long.
        const breakable = lines.split('\n').filter((line) => line.trim().replace(/^- /, '').includes(' '));
        expect(breakable.filter((line) => line.length > LINE_COLUMNS)).toEqual([]);
      }),
    );
  });

  it('never makes a list of a line that begins with a dash', () => {
    const filler = 'x'.repeat(LINE_COLUMNS - 1);
    expect(writeMarkdown(root([paragraph(`${filler} - not a list`)]))).toBe(`${filler}\n\\- not a list\n`);
    expect(writeMarkdown(root([paragraph(`${filler} 1. not one either`)]))).toBe(`${filler}\n1\\. not one either\n`);
  });

  it('leaves a table row on its line', () => {
    const long = 'word '.repeat(40).trim();
    const text = writeMarkdown(root([table({ columns: [{ label: 'a', align: 'left' }], rows: [[[long]]] })]));
    expect(text.trim().split('\n')).toHaveLength(3);
  });
});

function plainOf(node: Exclude<Inline, string>): string {
  if (node.type === 'strong') return node.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
  return 'value' in node ? node.value : '';
}
