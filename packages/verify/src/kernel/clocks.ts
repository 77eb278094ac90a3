/** What knows time or chance: nothing that a strategy does may hang on it. */

/** A function that tells the time or draws a number. */
type Clock = readonly [object: object, method: string];

const CLOCKS: readonly Clock[] = [
  [Date, 'now'],
  [performance, 'now'],
  [Math, 'random'],
  [process, 'hrtime'],
  [crypto, 'getRandomValues'],
  [crypto, 'randomUUID'],
];

/**
 * Runs code while asking for the time, or for chance, is refused.
 *
 * @param refuse - is told what was asked for, and throws
 */
export function withoutClocks<Result>(refuse: (asked: string) => never, run: () => Result): Result {
  const before = CLOCKS.map(([object, method]) => Reflect.get(object, method) as unknown);
  const { Date: calendar } = globalThis;
  for (const [object, method] of CLOCKS) Reflect.set(object, method, () => refuse(`${method}()`));
  globalThis.Date = new Proxy(calendar, {
    apply: () => refuse('Date()'),
    construct: (target, values: readonly unknown[]): Date =>
      values.length === 0 ? refuse('new Date()') : (Reflect.construct(target, values) as Date),
  });
  try {
    return run();
  } finally {
    globalThis.Date = calendar;
    for (const [index, [object, method]] of CLOCKS.entries()) Reflect.set(object, method, before[index]);
  }
}
