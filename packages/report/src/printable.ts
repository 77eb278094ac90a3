/**
 * Text of strangers, made fit to be shown: what a plugin, a file or another machine wrote reaches a terminal, a Markdown
 * page or a picture only through here.
 *
 * What does more than stand there becomes U+FFFD: the controls of ASCII and of Latin-1 (a terminal obeys them), the
 * characters that turn the direction of writing (they make a line read as another), separators and tags that nobody
 * sees, half surrogates and noncharacters (XML forbids them). Nothing else is touched.
 */

/** Letters of one line of a message; what is longer is nobody's to read. */
export const LINE_CHARS = 1000;
/** Letters of a text of several lines. */
export const TEXT_CHARS = 200_000;

const OBEYED = String.raw`\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F`;
const UNSEEN = String.raw`\u061C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}`;
const BREAKS = String.raw`\v\f\r\u0085\u2028\u2029`;

/** Not global: `test` would remember where it was. */
const UNPRINTABLE = new RegExp(`[${OBEYED}${UNSEEN}${BREAKS}\t\n]`, 'u');
const NEVER_SHOWN = new RegExp(`[${OBEYED}${UNSEEN}]`, 'gu');
const NEW_LINES = new RegExp(`[${BREAKS}\t\n]+`, 'gu');
const UNSHOWN_IN_JSON = new RegExp(`[${OBEYED}${UNSEEN}${BREAKS}]`, 'gu');
const ODD_NEW_LINES = new RegExp(String.raw`\r\n|[${BREAKS}]`, 'gu');

/** The text as one line, cut off where it is too long. */
export function printableLine(text: string, most: number = LINE_CHARS): string {
  const short = cut(text, most).toWellFormed();
  return UNPRINTABLE.test(short) ? short.replace(NEW_LINES, ' ').replace(NEVER_SHOWN, '\uFFFD') : short;
}

/** The text with its lines and tabs, cut off where it is too long. */
export function printableText(text: string, most: number = TEXT_CHARS): string {
  const short = cut(text, most).toWellFormed();
  return UNPRINTABLE.test(short) ? short.replace(ODD_NEW_LINES, '\n').replace(NEVER_SHOWN, '\uFFFD') : short;
}

/** The same value, every text in it one printable line; texts of several lines stay so where `keepsLines`. */
export function printable<T>(value: T, { keepsLines = false }: { readonly keepsLines?: boolean } = {}): T {
  return made(value, keepsLines ? printableText : printableLine) as T;
}

/**
 * A value as JSON that shows what is in it and does nothing: what JSON lets stand there, and a terminal obeys or nobody
 * sees, is written as an escape. Whatever reads it finds the same value.
 *
 * @param space - as for `JSON.stringify`
 */
export function printableJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(UNSHOWN_IN_JSON, (sign) =>
    Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Copies only what differs: a document whose texts are printable is itself. */
function made(value: unknown, print: (text: string) => string): unknown {
  if (typeof value === 'string') return print(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const printed = items.map((item) => made(item, print));
    return printed.every((item, at) => item === items[at]) ? value : printed;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  const printed = entries.map(([key, item]) => [print(key), made(item, print)] as const);
  const isSame = printed.every(([key, item], at) => key === entries[at]?.[0] && item === entries[at][1]);
  return isSame ? value : Object.fromEntries(printed);
}
