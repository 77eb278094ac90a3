/**
 * A process that holds the tests of packages, and runs them for one mutant after the other: what takes a second is loaded
 * once. `node inside/run-tests.ts FOLDER|FILE …` reads one {@link Wish} as a line of JSON, and answers in lines of JSON.
 */
import './hooks.ts';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Collected } from './collector.ts';
import { type Answer, type Reached, UNFIT, type Wish } from './messages.ts';

/** What the code that holds the mutants looks at. */
interface Switches {
  activeMutant?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  /** By mutant, how often its place was reached. */
  readonly counts: Uint32Array;
}

/** A mutant that is met so many times more often than without it goes round in circles. */
const MOST_TIMES_HITS = 100;
const LEAST_HITS = 100_000;

const MOST_MUTANTS = 10_000;

const folders = process.argv.slice(2);
const switches: Switches = { counts: new Uint32Array(MOST_MUTANTS) };
(globalThis as { __stryker__?: Switches }).__stryker__ = switches;
const lines = createInterface({ input: process.stdin });

// Whatever tests print belongs to nobody.
const answer = (given: Answer): void => void process.stderr.write(`${JSON.stringify(given)}\n`);
process.stdout.write = () => true;

for await (const line of lines) {
  const tests = await load(folders);
  const wish = JSON.parse(line) as Wish;
  if (wish.do === 'cover') await cover(tests);
  else await kill(tests, wish);
  break;
}
// Not before all has been said: an exit does not wait for a pipe.
await new Promise((resolve) => process.stderr.write('', resolve));
process.exit(0);

async function load(packages: readonly string[]): Promise<Collected[]> {
  const files = globSync(packages.map((each) => (each.endsWith('.ts') ? each : `${each}/{src,test}/**/*.test.ts`)));
  for (const file of files.filter((each) => !each.includes('.exhaustive.')).sort())
    await import(pathToFileURL(join(process.cwd(), file)).href);
  return (await import('./collector.ts')).collected;
}

/** Runs all tests as they are, and says which mutants each reaches, and how long it takes. */
async function cover(tests: readonly Collected[]): Promise<void> {
  const durationsMs: number[] = [];
  const failed: string[] = [];
  const whileLoading = reached();
  for (const [at, test] of tests.entries()) {
    const beganMs = processorMs();
    // One that wants some of its cases to be of a kind may fail where there are few.
    const isUnfit = await fails(test);
    if (isUnfit) failed.push(test.name);
    durationsMs.push(isUnfit ? UNFIT : processorMs() - beganMs);
    answer({ kind: 'reached', test: at, reached: reached() });
  }
  answer({ kind: 'covered', failed, durationsMs, whileLoading });
}

/** Unlike time on the wall it is nearly the same on a busy machine, so that as many tests fit into what a mutant gets. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What was reached since it was asked last. */
function reached(): Reached {
  const found: Record<string, number> = {};
  for (const [id, hits] of switches.counts.entries()) if (hits > 0) found[id] = hits;
  switches.counts.fill(0);
  return found;
}

/** Turns on one mutant after the other, until a test fails for each. Then none, and no test may. */
async function kill(tests: readonly Collected[], { targets }: Extract<Wish, { do: 'kill' }>): Promise<void> {
  const used = new Set<number>();
  for (const { id, by } of targets) {
    answer({ kind: 'begun', id });
    switches.activeMutant = id;
    let killer: number | undefined;
    for (const { test, hits } of by) {
      used.add(test);
      switches.hitCount = 0;
      switches.hitLimit = LEAST_HITS + hits * MOST_TIMES_HITS;
      answer({ kind: 'alive' });
      if (await fails(tests[test])) {
        killer = test;
        break;
      }
    }
    const isEndless = (switches.hitCount ?? 0) > (switches.hitLimit ?? 0);
    answer({ kind: 'ended', id, status: killer === undefined ? 'Survived' : isEndless ? 'Timeout' : 'Killed' });
  }
  switches.activeMutant = undefined;
  for (const test of used) if (await fails(tests[test])) answer({ kind: 'broken', test: tests[test]?.name ?? '' });
}

async function fails(test: Collected | undefined): Promise<boolean> {
  try {
    await test?.run();
    return false;
  } catch {
    return true;
  }
}
