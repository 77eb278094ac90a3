/** Text as the macros of man(7) take it. Whatever is written here is shown as it is: no letter of it is a command. */

/** Letters that roff would take for something else, or turn into another one. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\(rs`,
  // A hyphen may be shown as U+2010, which no shell takes for the beginning of a flag.
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
  '"': String.raw`\(dq`,
};

/** A line of text. */
export function escaped(text: string): string {
  const letters = Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return ESCAPES[letter] ?? (code < 128 ? letter : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`);
  }).join('');
  // A point at the beginning of a line would begin a command.
  return letters.startsWith('.') ? String.raw`\&${letters}` : letters;
}

/** A line in bold. */
export function bold(text: string): string {
  return String.raw`\fB${escaped(text)}\fR`;
}

/** A list's entry: what it is about, and below it what is said. */
export function entry(term: string, text: string): readonly string[] {
  return ['.TP', bold(term), escaped(text)];
}

/** A paragraph of its own. */
export function paragraph(text: string): readonly string[] {
  return ['.PP', escaped(text)];
}

/** Lines that stay as they are, to be copied. */
export function example(lines: readonly string[]): readonly string[] {
  return ['.PP', '.RS 4', '.EX', ...lines.map(escaped), '.EE', '.RE'];
}
