/**
 * Seals what a run and its workers say to each other, so that each can tell it from what a stranger has written: an HMAC
 * under a secret that both were started with. It hides nothing; TLS does that.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { resolve } from 'node:path';
import { UsageError } from '../../cli/errors.ts';
import { readText } from '../../cli/files.ts';

/** What a text is: one that is sealed as another is not taken for it. */
export type SealedKind = 'announcement' | 'refusal' | 'cell' | 'result';

/** What a text belongs to: the run, and within it the cell's key or the worker's name. */
export type SealedFor = readonly [kind: SealedKind, run: string, part: string];

/** Fewer can be tried out. `openssl rand -hex 32` gives 64. */
const MIN_SECRET_BYTES = 16;
const MAC_LENGTH = 64;

/** Seals texts and opens them. */
export class Seal {
  readonly #secret: string | undefined;

  /** @param secret - without one nothing is sealed, and everybody who reaches the server is believed */
  constructor(secret: string | undefined) {
    this.#secret = secret;
  }

  /** Whether the other side must know a secret. */
  get isSecret(): boolean {
    return this.#secret !== undefined;
  }

  /** The text as it may travel. */
  close(text: string, what: SealedFor): string {
    return this.#secret === undefined ? text : `${macOf(text, what, this.#secret)}${text}`;
  }

  /** What was sealed; `undefined` where it was not sealed for this, or not with the secret. */
  open(sealed: string, what: SealedFor): string | undefined {
    if (this.#secret === undefined) return sealed;
    const [mac, text] = [sealed.slice(0, MAC_LENGTH), sealed.slice(MAC_LENGTH)];
    const [theirs, ours] = [Buffer.from(mac), Buffer.from(macOf(text, what, this.#secret))];
    return theirs.length === ours.length && timingSafeEqual(theirs, ours) ? text : undefined;
  }
}

function macOf(text: string, what: SealedFor, secret: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([...what, text]))
    .digest('hex');
}

/**
 * Reads the seal of `--secret-file`; one that believes everybody where there is none.
 *
 * @throws UsageError where the file cannot be read, or holds too little to be a secret
 */
export function readSeal(file: string | undefined, cwd: string): Seal {
  if (file === undefined) return new Seal(undefined);
  const origin = `--secret-file ${file}`;
  const secret = readText(resolve(cwd, file), origin).trim();
  const bytes = Buffer.byteLength(secret);
  if (bytes < MIN_SECRET_BYTES) {
    throw new UsageError(
      `${origin}: holds ${bytes} bytes; a secret has at least ${MIN_SECRET_BYTES}, for example from "openssl rand -hex 32"`,
    );
  }
  return new Seal(secret);
}
