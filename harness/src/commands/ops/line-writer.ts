/** Writes lines in chunks, at the reader's pace. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A system call a line would cost more than the lines do; a whole output in memory could be gigabytes. */
const CHUNK_CHARS = 64 * 1024;

/** Collects lines, and waits where the reader is slow. */
export class LineWriter {
  readonly #stream: Writable;
  #chunk = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Adds a line. A promise only where a chunk is full: what is not awaited costs nothing. */
  write(line: string): Promise<void> | undefined {
    this.#chunk += `${line}\n`;
    return this.#chunk.length < CHUNK_CHARS ? undefined : this.flush();
  }

  /** Hands on what is collected. */
  async flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = '';
    if (chunk !== '' && !this.#stream.write(chunk)) await once(this.#stream, 'drain');
  }
}
