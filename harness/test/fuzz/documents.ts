/** Documents that were right, and then something happened to them. */
import fc from 'fast-check';
import { lineOf } from '../../src/execute/journal-file.ts';

/** What is put into the place of a value. */
const VALUES: readonly unknown[] = [
  ...[null, true, '', 'x', 0, -1, 0.5, 1e308, 2 ** 53, [], {}, [[]], { a: 1 }, 'javascript:alert(1)', '../../../etc/x'],
  ...[
    '\u001B[2J',
    '\u202Eevil',
    'a\nb',
    'a\u0000b',
    '__proto__',
    'x'.repeat(1 << 12),
    Array.from({ length: 300 }, () => 1),
  ],
];

/** Changes the value: at some place another value stands, nothing, or the same one twice. */
const edit = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
  what: fc.constantFrom('replace', 'delete', 'rename', 'repeat', 'number'),
  value: fc.constantFrom(...VALUES),
  number: fc.double({ noNaN: false }),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Changes the text: what an editor, a full disk or a bad transfer leaves. */
const damage = fc.record({
  what: fc.constantFrom('cut', 'insert', 'drop', 'twice', 'front', 'deep'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('\u0000', '\uFEFF', '\u001B[2J', '1e309', '}', ']', '"', ',', '{"a":', '\n', '-', '\uD800'),
  ),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** What happens to a document. */
export const harm = fc.oneof(
  { arbitrary: fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 3 }) }), weight: 3 },
  { arbitrary: fc.record({ damages: fc.array(damage, { minLength: 1, maxLength: 2 }) }), weight: 1 },
);
/** What happens to a document. */
export type Harm = typeof harm extends fc.Arbitrary<infer T> ? T : never;

/** A line of a journal: a sum, and the entry that it is of. */
const JOURNAL_LINE = /^[0-9a-f]{64} (\[.*\])$/;

/** The text after it. One that is no JSON is damaged as a text alone. */
export function harmed(text: string, done: Harm): string {
  if ('damages' in done) return done.damages.reduce(damaged, text);
  try {
    const lines = text.trimEnd().split('\n');
    const at = (done.edits[0]?.way[0] ?? 0) % lines.length;
    const edit = (json: string): unknown => done.edits.reduce<unknown>(edited, JSON.parse(json));
    const [, entry] = JOURNAL_LINE.exec(lines[at] ?? '') ?? [];
    if (entry !== undefined) {
      // With a sum that is right, or nothing behind the sum would ever be looked at.
      const [key, result] = edit(entry) as [string, unknown];
      return lines.with(at, lineOf(key, result).trimEnd()).join('\n');
    }
    // One value a line, or one value.
    const isLines = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.endsWith('}'));
    if (!isLines) return JSON.stringify(edit(text));
    lines[at] = JSON.stringify(edit(lines[at] ?? '{}'));
    return `${lines.join('\n')}\n`;
  } catch {
    const words = text.split(' ');
    for (const { way, value } of done.edits) words[(way[0] ?? 0) % words.length] = String(value);
    return words.join(' ');
  }
}

function edited(value: unknown, { way, what, value: other, number }: Edit): unknown {
  const [step = 0, ...rest] = way;
  if (typeof value !== 'object' || value === null) return what === 'number' ? number : other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  const inner = copy[key];
  if (rest.length > 0 && typeof inner === 'object' && inner !== null)
    copy[key] = edited(inner, { way: rest, what, value: other, number });
  else if (what === 'delete') Reflect.deleteProperty(copy, key);
  else if (what === 'rename') copy[`${key}x`] = inner;
  else if (what === 'repeat') copy[key] = [inner, inner];
  else copy[key] = what === 'number' ? number : other;
  return copy;
}

function damaged(text: string, { what, at, text: other }: Damage): string {
  const place = Math.floor(at * text.length);
  switch (what) {
    case 'cut':
      return text.slice(0, place);
    case 'insert':
      return text.slice(0, place) + other + text.slice(place);
    case 'drop':
      return text.slice(0, place) + text.slice(place + 1 + other.length);
    case 'twice':
      return text + text.slice(place);
    case 'front':
      return other + text;
    default:
      return `${'['.repeat(1 + place * 10)}${text}`;
  }
}
