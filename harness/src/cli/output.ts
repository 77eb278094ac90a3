/** The program's streams, which may be full, or go before all is said. */

/** What has become of stdout. */
export class OutputWatch {
  #problem: string | undefined;
  #isGone = false;
  readonly #onGone = new Set<() => void>();

  /** Watches the process's own streams, until {@link stop}. */
  constructor() {
    process.stdout.on('error', this.#lose);
    process.stderr.on('error', ignore);
  }

  /** Comes back when all that was written has left; the value is why it has not, in one line. */
  async settle(): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    process.stdout.write('', () => resolve(undefined));
    await promise;
    return this.#problem;
  }

  /** Stops watching. What is lost from now on is an error as any other. */
  stop(): void {
    process.stdout.off('error', this.#lose);
    process.stderr.off('error', ignore);
  }

  /** Calls back when nobody can read stdout any more: for a command that runs until it is stopped. */
  whenGone(call: () => void): void {
    if (this.#isGone) call();
    else this.#onGone.add(call);
  }

  /** A reader that has gone, as `head` does, is no problem; the command goes on, since its exit code still says something. */
  readonly #lose = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') this.#problem ??= error.message;
    if (this.#isGone) return;
    this.#isGone = true;
    for (const call of this.#onGone) call();
  };
}

/** There is nobody to tell. */
function ignore(): void {}

/** The watch of the program that runs. */
let current: OutputWatch | undefined;

/** Begins the watch of the program's streams. */
export function watchOutput(): OutputWatch {
  current = new OutputWatch();
  return current;
}

/** Calls back when nobody can read stdout any more. */
export function whenOutputIsGone(call: () => void): void {
  current?.whenGone(call);
}
