/** What code in a thread could do to the whole program through `process`: it is taken away in threads of strategies. */
import { syncBuiltinESMExports } from 'node:module';

/** Of `process`: what ends, signals or rebinds the program. `exit`, and what it calls, end the thread alone, which costs a cell. */
const BEYOND = [
  'kill',
  '_kill',
  'abort',
  'binding',
  '_linkedBinding',
  'dlopen',
  'getBuiltinModule',
  '_debugProcess',
  '_debugEnd',
  'loadEnvFile',
] as const;

/** Has each of them throw, for good. In a worker only. */
export function restrictProcess(): void {
  for (const name of BEYOND) {
    if (!(name in process)) continue;
    const value = (): never => {
      throw new Error(`process.${name} reaches beyond a strategy's thread`);
    };
    Object.defineProperty(process, name, { value, writable: false, configurable: false });
  }
  syncBuiltinESMExports();
}
