/** Keeps stdout for the result: what a plugin prints in a worker goes to stderr. */
import { Console } from 'node:console';

/** Redirects the worker's own stdout. */
export function redirectStdout(): void {
  Object.defineProperty(process, 'stdout', { value: process.stderr, configurable: true });
  globalThis.console = new Console(process.stderr, process.stderr);
}
