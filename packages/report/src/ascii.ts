/** Text for a mail: ASCII alone. */

/** Signs of ours that ASCII has something for. */
const ASCII: Readonly<Record<string, string>> = {
  '→': '->',
  '−': '-',
  '–': '-',
  '─': '-',
  '…': '...',
  '∞': 'inf',
  '×': 'x',
  µ: 'u',
  '\u202F': '',
  '\u00A0': ' ',
};

/** The text in one line of ASCII; what has no likeness there is a question mark. */
export function ascii(text: string): string {
  return Array.from(text.replace(/[\t\r\n]+/g, ' '), (sign) => ASCII[sign] ?? (/[ -~]/.test(sign) ? sign : '?')).join(
    '',
  );
}
