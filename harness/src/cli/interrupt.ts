/** Ctrl-C. */
import { writeSync } from 'node:fs';
import { EXIT } from './exit-codes.ts';

/** The user has stopped the run. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Watches for SIGINT and SIGTERM. */
export interface InterruptWatch {
  /** Aborts, with {@link Interrupted} as its reason, at the first signal. */
  readonly signal: AbortSignal;
  stop(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Watches for Ctrl-C. The first stops the run, the second ends the program at once.
 *
 * @param farewell - what to say at the first: at once, because npx passes a Ctrl-C on and the second may be near
 */
export function watchInterrupt(farewell: () => string): InterruptWatch {
  const abort = new AbortController();
  const handle = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    writeSync(process.stderr.fd, `s2bench: ${farewell()}\n`);
    abort.abort(new Interrupted('stopped'));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: abort.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
