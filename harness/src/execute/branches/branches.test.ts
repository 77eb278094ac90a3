/** What V8 counts, as branches of the source. */
import { type Profiler, Session } from 'node:inspector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { choose as Choose } from '../../../test/fixtures/branchy.ts';
import { type Branch, untestedIn } from '../../plan/branch.ts';
import { modulesOf } from '../../plugins/modules.ts';
import { withoutSearch } from '../../plugins/realms.ts';
import { Branches } from './branches.ts';

const URL_OF = new URL('../../../test/fixtures/branchy.ts', import.meta.url).href;
const session = new Session();
const branches = new Branches(modulesOf(URL_OF));
let choose: typeof Choose;

function post(method: string, parameters?: object): { result: Profiler.ScriptCoverage[] } {
  let answer: unknown;
  session.post(method, parameters, (error: Error | null, result: unknown) => {
    if (error !== null) throw error;
    answer = result;
  });
  return answer as { result: Profiler.ScriptCoverage[] };
}

function untaken(): Branch[] {
  return branches.untaken(post('Profiler.takePreciseCoverage').result, (one, other) => withoutSearch(one) === other);
}

beforeAll(async () => {
  session.connect();
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  ({ choose } = (await import(URL_OF)) as { choose: typeof Choose });
  untaken();
});
afterAll(() => session.disconnect());

describe('the branches that calls have not taken', () => {
  it('are all that there are, as long as nothing is called', () => {
    expect(untestedIn([untaken()]).map((line) => line.split(' ')[0])).toEqual([
      'test/fixtures/branchy.ts:6:8',
      'test/fixtures/branchy.ts:22:1',
      'test/fixtures/branchy-part.ts:2:8',
    ]);
  });

  it('are named with file, line, column and what has not happened', () => {
    choose('b', 1);
    expect(untestedIn([untaken()])).toEqual([
      "test/fixtures/branchy.ts:7:21 is never run: return 'a';",
      "test/fixtures/branchy.ts:8:18 is never run: { return isLarge(count) ? 'large' : 'more'; }",
      'test/fixtures/branchy.ts:11:15 is never decided by its left side: count > 0 && isLarge(count)',
      'test/fixtures/branchy.ts:12:42 is never run: neverCalled();',
      "test/fixtures/branchy.ts:14:5 is never run: case 0: return 'none';",
      'test/fixtures/branchy.ts:22:1 is never called: function neverCalled() { if (Math.random() > 2) throw new E…',
      'test/fixtures/branchy-part.ts:3:3 is never false: count > 0',
    ]);
  });

  it('are those that no run took, of several runs', () => {
    const runs: Branch[][] = [];
    for (const [kind, count] of [
      ['a', 1],
      ['b', 100],
      ['b', 3],
      ['b', 0],
      ['b', 2],
    ] as const) {
      try {
        choose(kind, count);
      } catch {
        // What is called once may throw.
      }
      runs.push(untaken());
    }
    expect(untestedIn(runs)).toEqual([
      'test/fixtures/branchy.ts:16:5 is never run: case 1: return String(few);',
      "test/fixtures/branchy.ts:23:26 is never run: throw new Error('never');",
      'test/fixtures/branchy-part.ts:3:3 is never false: count > 0',
    ]);
  });
});
