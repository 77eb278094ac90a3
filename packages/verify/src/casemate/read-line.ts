/** One line of a trace taken apart, and its fields asked for one after the other. */

/** What is wrong with a line. The parser adds where it stands. */
export class LineError extends Error {}

const TOKENS = /\s*(?:([()])|"([^"\\]*)"|([^\s()"]+))/y;
const MOST_64 = 2n ** 64n - 1n;

interface Token {
  readonly kind: 'bracket' | 'text' | 'word';
  readonly text: string;
}

/** A line `(name word… (field value)…)`. Every field has to be taken, see {@link end}. */
export class TraceLine {
  readonly name: string;
  readonly #words: string[] = [];
  readonly #fields = new Map<string, Token>();

  /** @throws LineError where the line is not of that form */
  constructor(line: string) {
    const tokens = tokensOf(line);
    let at = 0;
    const take = (kind: Token['kind'], what: string, text?: string): string => {
      const token = tokens[at++];
      if (token?.kind !== kind || (text !== undefined && token.text !== text)) {
        throw new LineError(
          token === undefined ? `ends where ${what} must stand` : `has '${token.text}' where ${what} must stand`,
        );
      }
      return token.text;
    };
    take('bracket', "'('", '(');
    this.name = take('word', 'the name of a record');
    while (tokens[at]?.text !== ')' || tokens[at]?.kind !== 'bracket') {
      if (tokens[at]?.kind === 'word') {
        this.#words.push(take('word', 'a word'));
        continue;
      }
      take('bracket', "'(' or ')'", '(');
      const field = take('word', 'the name of a field');
      if (this.#fields.has(field)) throw new LineError(`has the field '${field}' twice`);
      const value = tokens[at++];
      if (value === undefined || value.kind === 'bracket') throw new LineError(`has no value for '${field}'`);
      this.#fields.set(field, value);
      take('bracket', `the ')' of '${field}'`, ')');
    }
    at++;
    if (at < tokens.length) throw new LineError(`goes on after its last ')' with '${tokens[at]?.text ?? ''}'`);
  }

  /** A word without brackets, one of those that are allowed. */
  word<T extends string>(allowed: readonly T[]): T {
    return oneOf(this.name, this.#words.shift(), allowed);
  }

  /** A field that holds one of a few words. */
  choice<T extends string>(field: string, allowed: readonly T[]): T {
    return oneOf(field, this.#take(field, 'word'), allowed);
  }

  /** A field in hexadecimal, at most 64 bits. */
  hex(field: string): bigint {
    const text = this.#take(field, 'word');
    const [, digits] = /^(?:0x)?([0-9a-fA-F]+)$/.exec(text) ?? [];
    if (digits === undefined) throw new LineError(`'${field}' is '${text}': must be hexadecimal, with 0x or without`);
    const value = BigInt(`0x${digits}`);
    if (value > MOST_64) throw new LineError(`'${field}' is '${text}': must fit in 64 bits`);
    return value;
  }

  /** A field in decimal. */
  decimal(field: string): number {
    const text = this.#take(field, 'word');
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
      throw new LineError(`'${field}' is '${text}': must be a decimal number`);
    return value;
  }

  /** A field in quotes. */
  text(field: string): string {
    return this.#take(field, 'text');
  }

  /** @throws LineError where something was not asked for */
  end(): void {
    const [left] = [...this.#words, ...this.#fields.keys()];
    if (left !== undefined) throw new LineError(`has '${left}', which a ${this.name} does not have`);
  }

  #take(field: string, kind: Token['kind']): string {
    const token = this.#fields.get(field);
    if (token === undefined) throw new LineError(`has no '${field}', which a ${this.name} needs`);
    if (token.kind !== kind) throw new LineError(`'${field}' must ${kind === 'text' ? '' : 'not '}stand in quotes`);
    this.#fields.delete(field);
    return token.text;
  }
}

function oneOf<T extends string>(what: string, text: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found === undefined)
    throw new LineError(`'${what}' is ${text === undefined ? 'empty' : `'${text}'`}: must be ${allowed.join(', ')}`);
  return found;
}

function tokensOf(line: string): Token[] {
  const text = line.trimEnd();
  const tokens: Token[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const at = TOKENS.lastIndex;
    const found = TOKENS.exec(text);
    if (found === null) throw new LineError(`cannot be read from '${text.slice(at).trim().slice(0, 20)}' on`);
    const [, bracket, quoted, word] = found;
    if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}
