/** What test files import as Vitest: it keeps their tests, to be run again and again in one process. Vitest's own expect. */
import { expect } from 'vitest';

export { expect };

/** A test of the package. */
export interface Collected {
  readonly name: string;
  readonly run: () => unknown;
}

/** All tests of the files that have been imported. */
export const collected: Collected[] = [];

type Body = (...args: unknown[]) => unknown;
const groups: string[] = [];

function describeOne(name: string, body: Body, ...args: unknown[]): void {
  groups.push(name);
  try {
    const given = body(...args);
    if (given instanceof Promise) throw new Error(`${groups.join(' ')}: a group that waits is not collected`);
  } finally {
    groups.pop();
  }
}

/** Options may stand between name and body. */
function bodyOf(given: readonly unknown[]): Body {
  const body = given.find((each) => typeof each === 'function');
  if (body === undefined) throw new Error(`${groups.join(' ')}: a test without a body`);
  return body as Body;
}

function each(declare: (name: string, body: Body, ...args: unknown[]) => void) {
  return (rows: readonly unknown[]) =>
    (name: string, ...given: unknown[]): void => {
      const body = bodyOf(given);
      for (const [at, row] of rows.entries())
        declare(`${name} #${at}`, body, ...(Array.isArray(row) ? (row as unknown[]) : [row]));
    };
}

function testOne(name: string, body: Body, ...args: unknown[]): void {
  collected.push({ name: [...groups, name].join(' '), run: () => body(...args) });
}

/** As Vitest's own. */
export const describe = Object.assign((name: string, ...given: unknown[]) => describeOne(name, bodyOf(given)), {
  each: each(describeOne),
});

/** As Vitest's own. */
export const it = Object.assign((name: string, ...given: unknown[]) => testOne(name, bodyOf(given)), {
  each: each(testOne),
  runIf:
    (condition: unknown) =>
    (name: string, ...given: unknown[]): void => {
      if (condition) testOne(name, bodyOf(given));
    },
});
