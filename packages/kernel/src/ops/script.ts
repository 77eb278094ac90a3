/** Op scripts: a line per stage-2 operation, the language of the vectors and of shrunk counterexamples. */
import type { Protection, Ipa, Pa } from '@s2bench/core/stage2';
import { notModelledText } from '../not-modelled.ts';

/** What the first line of a script says. */
export interface ScriptInit {
  /** Width of the guest's physical address space. */
  readonly ipaBits: number;
  readonly fwb: boolean;
  /** FEAT_TLBIRANGE. */
  readonly tlbRange: boolean;
  /** The walk flags that ops begin with. */
  readonly flags: ScriptFlags;
}

/** What walks are told, as `init` and `set` say it. */
export interface ScriptFlags {
  readonly shared: boolean;
  readonly fault: boolean;
  readonly pagesOnly: boolean;
}

/** A setting that holds from here on. It is not an op: the index of the ops does not count it. */
export type Directive =
  | { readonly kind: 'probe'; readonly address: Ipa | undefined }
  | { readonly kind: 'memory-cache'; readonly pages: number | null }
  | { readonly kind: 'flags'; readonly flags: Partial<ScriptFlags> };

/** One stage-2 operation. */
export type Operation =
  | {
      readonly kind: 'map';
      readonly address: Ipa;
      readonly sizeBytes: number;
      readonly phys: Pa;
      readonly protection: Protection;
    }
  | { readonly kind: 'unmap' | 'wrprotect' | 'flush'; readonly address: Ipa; readonly sizeBytes: number }
  | { readonly kind: 'relax'; readonly address: Ipa; readonly protection: Protection }
  | { readonly kind: 'mkyoung' | 'isyoung' | 'xlate'; readonly address: Ipa }
  /** Of a range only releases that age ranges age more than the first page. */
  | { readonly kind: 'mkold'; readonly address: Ipa; readonly sizeBytes: number }
  | { readonly kind: 'testclear'; readonly address: Ipa; readonly sizeBytes: number; readonly clear: boolean }
  | { readonly kind: 'split'; readonly address: Ipa; readonly sizeBytes: number; readonly pages: number }
  | { readonly kind: 'setowner'; readonly address: Ipa; readonly sizeBytes: number; readonly owner: number };

/** A line of a script that does something. */
export interface ScriptLine {
  /** Counts from 1. */
  readonly line: number;
  /** The line without comment and surrounding blanks. */
  readonly text: string;
  readonly what: Directive | Operation;
}

/** A script that was read and found well-formed. */
export interface Script {
  readonly init: ScriptInit;
  readonly lines: readonly ScriptLine[];
}

/** A script is malformed. `message` says what is wrong, without file and line. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads a script.
 *
 * @throws ScriptError where a line is malformed
 */
export function parseScript(text: string): Script {
  let init: ScriptInit | undefined;
  const lines: ScriptLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.replace(/#.*/, '').trim();
    if (content === '') continue;
    const [verb = '', ...words] = content.split(/\s+/);
    const parse = new LineParser(line, verb, words);
    if (verb === 'init') {
      if (init !== undefined) throw new ScriptError(line, 'init must stand once, on the first line');
      init = parse.init();
      continue;
    }
    if (init === undefined) throw new ScriptError(line, `${verb} before init: a script starts with "init ipa=40"`);
    for (const what of parse.line()) lines.push({ line, text: content, what });
  }
  if (init === undefined) throw new ScriptError(1, 'no init line: a script starts with "init ipa=40"');
  return { init, lines };
}

const UNITS: Readonly<Record<string, bigint>> = { '': 1n, K: 2n ** 10n, M: 2n ** 20n, G: 2n ** 30n };

const USAGE: Readonly<Record<string, string>> = {
  set: 'set k=v ...',
  probe: 'probe IPA|off',
  map: 'map IPA SIZE PA PROT',
  unmap: 'unmap IPA SIZE',
  wrprotect: 'wrprotect IPA SIZE',
  flush: 'flush IPA SIZE',
  relax: 'relax IPA PROT',
  mkyoung: 'mkyoung IPA',
  mkold: 'mkold IPA [SIZE]',
  isyoung: 'isyoung IPA',
  xlate: 'xlate IPA',
  testclear: 'testclear IPA SIZE 0|1',
  split: 'split IPA SIZE NOBJS',
  setowner: 'setowner IPA SIZE ID',
};

/** Walk flags as `init` and `set` write them. A kernel model that has no use for one does without. */
const WALK_FLAGS: ReadonlyMap<string, keyof ScriptFlags> = new Map([
  ['shared', 'shared'],
  ['fault', 'fault'],
  ['force', 'pagesOnly'],
] as const);

class LineParser {
  readonly #line: number;
  readonly #verb: string;
  readonly #words: readonly string[];

  constructor(line: number, verb: string, words: readonly string[]) {
    this.#line = line;
    this.#verb = verb;
    this.#words = words;
  }

  init(): ScriptInit {
    let ipaBits = 40;
    let fwb = false;
    let tlbRange = false;
    let flags: ScriptFlags = { shared: true, fault: true, pagesOnly: false };
    for (const [key, value] of this.#settings()) {
      if (key === 'ipa') {
        ipaBits = this.#number(value);
        if (ipaBits < 32 || ipaBits > 48) {
          const larger = ipaBits > 48 ? '; LPA and LPA2, whose guests have up to 52, are not modelled' : '';
          throw this.#error(`ipa=${value}: must be from 32 to 48${larger}`);
        }
        continue;
      }
      const flag = WALK_FLAGS.get(key);
      if (key === 'fwb') fwb = this.#bit(key, value);
      else if (key === 'tlbrange') tlbRange = this.#bit(key, value);
      else if (flag !== undefined) flags = { ...flags, [flag]: this.#bit(key, value) };
      else
        throw this.#error(
          `unknown setting "${key}": init takes ipa, fwb, tlbrange, shared, fault, force${notModelledText(key)}`,
        );
    }
    return { ipaBits, fwb, tlbRange, flags };
  }

  /** What the line says: one operation or directive; `set` may hold several directives or none that matter here. */
  line(): (Directive | Operation)[] {
    switch (this.#verb) {
      case 'set':
        return this.#set();
      case 'probe': {
        const [word] = this.#take(1);
        return [{ kind: 'probe', address: word === 'off' ? undefined : this.#number(word) }];
      }
      default:
        return [this.#operation()];
    }
  }

  #operation(): Operation {
    switch (this.#verb) {
      case 'map': {
        const [address, size, phys, protection] = this.#take(4);
        return {
          kind: 'map',
          address: this.#number(address),
          sizeBytes: this.#size(size),
          phys: this.#number(phys),
          protection: this.#protection(protection),
        };
      }
      case 'unmap':
      case 'wrprotect':
      case 'flush': {
        const [address, size] = this.#take(2);
        return { kind: this.#verb, address: this.#number(address), sizeBytes: this.#size(size) };
      }
      case 'relax': {
        const [address, protection] = this.#take(2);
        return { kind: 'relax', address: this.#number(address), protection: this.#protection(protection) };
      }
      case 'mkold': {
        const [address, size] = this.#words.length === 2 ? this.#take(2) : [...this.#take(1, 2), '1'];
        return { kind: 'mkold', address: this.#number(address), sizeBytes: this.#size(size) };
      }
      case 'mkyoung':
      case 'isyoung':
      case 'xlate': {
        const [address] = this.#take(1);
        return { kind: this.#verb, address: this.#number(address) };
      }
      case 'testclear': {
        const [address, size, clear] = this.#take(3);
        const range = { address: this.#number(address), sizeBytes: this.#size(size) };
        return { kind: 'testclear', ...range, clear: this.#bit('the last operand', clear) };
      }
      case 'split': {
        const [address, size, pages] = this.#take(3);
        const range = { address: this.#number(address), sizeBytes: this.#size(size) };
        return { kind: 'split', ...range, pages: this.#number(pages) };
      }
      case 'setowner': {
        const [address, size, owner] = this.#take(3);
        const range = { address: this.#number(address), sizeBytes: this.#size(size) };
        return { kind: 'setowner', ...range, owner: this.#number(owner) };
      }
      default:
        throw this.#error(
          `unknown op "${this.#verb}": must be one of ${Object.keys(USAGE).join(', ')}${notModelledText(this.#verb)}`,
        );
    }
  }

  #set(): Directive[] {
    const directives: Directive[] = [];
    for (const [key, value] of this.#settings()) {
      const flag = WALK_FLAGS.get(key);
      if (key === 'mc') directives.push({ kind: 'memory-cache', pages: this.#cachePages(value) });
      else if (key === 'tlbrange') this.#bit(key, value);
      else if (flag !== undefined) directives.push({ kind: 'flags', flags: { [flag]: this.#bit(key, value) } });
      else throw this.#error(`unknown setting "${key}": set takes mc, shared, fault, force`);
    }
    return directives;
  }

  #cachePages(value: string): number | null {
    if (value === 'inf') return Infinity;
    return value === 'null' ? null : this.#number(value);
  }

  #settings(): [string, string][] {
    if (this.#words.length === 0 && this.#verb === 'set') throw this.#error(`expected "${USAGE['set'] ?? ''}"`);
    return this.#words.map((word) => {
      const [key = '', value, ...rest] = word.split('=');
      if (value === undefined || value === '' || rest.length > 0) throw this.#error(`"${word}" is not k=v`);
      return [key, value];
    });
  }

  #take(count: 1, most?: number): [string];
  #take(count: 2): [string, string];
  #take(count: 3): [string, string, string];
  #take(count: 4): [string, string, string, string];
  #take(count: number, most = count): readonly string[] {
    if (this.#words.length < count || this.#words.length > most) {
      throw this.#error(`expected "${USAGE[this.#verb] ?? this.#verb}", found ${this.#words.length} operands`);
    }
    return this.#words;
  }

  /**
   * An address or a count. Beyond 2^53 the nearest number stands for it, without the offset in a page: such an address
   * is out of every guest's range, and what is left of a host address is exact.
   */
  #number(word: string): number {
    const value = this.#uint64(word);
    return Number(value > Number.MAX_SAFE_INTEGER ? value & ~0xfffn : value);
  }

  /** A size. The kernel adds it to an address in 64 bits, so that a huge one is as good as a negative one. */
  #size(word: string): number {
    return Number(BigInt.asIntN(64, this.#uint64(word)));
  }

  #uint64(word: string): bigint {
    const match = /^(0x[0-9a-f]+|\d+)([KMG]?)$/i.exec(word);
    if (match === null) throw this.#error(`"${word}" is not a number: write 4096, 4K or 0x1000`);
    const value = BigInt(match[1] ?? '') * (UNITS[(match[2] ?? '').toUpperCase()] ?? 1n);
    if (value >= 2n ** 64n) throw this.#error(`"${word}" is too large: at most 2^64 - 1`);
    return value;
  }

  #bit(key: string, value: string): boolean {
    if (value !== '0' && value !== '1') throw this.#error(`${key}=${value}: must be 0 or 1`);
    return value === '1';
  }

  #protection(word: string): Protection {
    if (!/^(-|[rwxd]+)$/.test(word))
      throw this.#error(`"${word}" is not a protection: a subset of rwx, d for device, or -`);
    return {
      read: word.includes('r'),
      write: word.includes('w'),
      execute: word.includes('x'),
      device: word.includes('d'),
    };
  }

  #error(message: string): ScriptError {
    return new ScriptError(this.#line, message);
  }
}
