import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_CHARS, printable, printableJson, printableLine, printableText } from './printable.ts';

/** What must not reach a terminal, each a kind of its own. */
const HOSTILE = [
  '\u001B[2J',
  '\u009B31m',
  '\u007F',
  '\u0000',
  '\u0007',
  '\b\b\b',
  '\u202Eevil',
  '\u2066x\u2069',
  '\u200F',
  '\uFEFF',
  '\u{E0041}',
  '\uD800',
  '\uDC00x',
  '\uFFFF',
];
/** By code and not by the expression that is under test. */
function isPrintable(code: number): boolean {
  return !(
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0x61c ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    code === 0xfffe ||
    code === 0xffff ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE, '\n', '\r\n', '\u2028', '\t', ' '), fc.string()))
    .map((parts) => parts.join('')),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);

describe('printableLine', () => {
  it('shows nothing that is obeyed or unseen, and no second line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(
          Array.from(printableLine(text), (sign) => sign.codePointAt(0) ?? 0).filter((code) => !isPrintable(code)),
        ).toEqual([]);
      }),
    );
  });

  it('leaves what is printable alone', () => {
    const text = 'Größe 4\u202FKiB → „x“ 日本 👩‍👩‍👧 é  two spaces';
    expect(printableLine(text)).toBe(text);
  });

  it('puts lines into one, and cuts off what is too long', () => {
    expect(printableLine('a\r\n\tb\u2028c')).toBe('a b c');
    expect(printableLine('x'.repeat(1 << 20))).toHaveLength(LINE_CHARS);
    expect(printableLine('😀'.repeat(LINE_CHARS)).isWellFormed()).toBe(true);
  });
});

describe('printableText', () => {
  it('keeps lines and tabs alone of what is no letter', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const codes = Array.from(printableText(text), (sign) => sign.codePointAt(0) ?? 0);
        expect(codes.filter((code) => code !== 0x0a && code !== 0x09 && !isPrintable(code))).toEqual([]);
      }),
    );
    expect(printableText('a\r\nb\rc\n\td')).toBe('a\nb\nc\n\td');
  });
});

describe('printable', () => {
  it('reaches every text and every key, and copies nothing that is printable', () => {
    const good = { a: ['x', 1, null], b: { c: 'y' } };
    expect(printable(good)).toBe(good);
    expect(printable({ 'a\u001B': ['x\u009By', { b: 'z\u202E' }] })).toEqual({
      'a\uFFFD': ['x\uFFFDy', { b: 'z\uFFFD' }],
    });
  });
});

describe('printableJson', () => {
  it('is the same value, and nothing in it is obeyed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), anyText, (value, text) => {
        const both = { value, text };
        const json = printableJson(both);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(both)));
        expect(Array.from(json, (sign) => sign.codePointAt(0) ?? 0).filter((code) => !isPrintable(code))).toEqual([]);
      }),
    );
  });
});
