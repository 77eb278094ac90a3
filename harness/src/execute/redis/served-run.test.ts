import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/fixtures/temp-folder.ts';
import { toolVersion } from '../../cli/installation.ts';
import { fingerprintStrategy, fingerprintTool } from '../../plan/fingerprints.ts';
import { locationOf } from '../../plugins/locate.ts';
import { allowedStrategies } from './allowed.ts';
import { type Announcement, PROTOCOL_VERSION } from './protocol.ts';
import { matchRun } from './served-run.ts';

/** What a worker runs that was started without `--allow`. */
const NAMED = allowedStrategies(undefined, { cwd: import.meta.dirname, strategyPaths: [] });

const fingerprintOf = (path: string): string => fingerprintStrategy(locationOf(path, '', ''));

function runOf(different: Partial<Announcement>): Announcement {
  return {
    protocol: PROTOCOL_VERSION,
    id: '00000000-0000-4000-8000-000000000000',
    host: 'here',
    command: 's2bench run',
    tool: { version: toolVersion(), fingerprint: fingerprintTool() },
    strategies: [],
    profiles: [],
    stages: ['ADJUST'],
    exact: false,
    cellTimeoutS: 1,
    ended: false,
    ...different,
  };
}

describe('matchRun', () => {
  it("takes a run whose simulator and strategies are this machine's", () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.ts'), 'export default 1;');
    const run = runOf({
      strategies: [{ name: 'my-own', spec: './mine.ts', fingerprint: fingerprintOf(join(cwd, 'mine.ts')) }],
    });
    const allowed = allowedStrategies('./mine.ts', { cwd, strategyPaths: [] });
    const match = matchRun(run, allowed);
    if ('problem' in match) throw new Error(match.problem);
    expect(match.locations.get('my-own')?.entryUrl).toMatch(/\/mine\.ts$/);

    writeFileSync(join(cwd, 'mine.ts'), 'export default 2;');
    expect(matchRun(run, allowed)).toMatchObject({
      problem: expect.stringContaining('has changed since this worker was started') as string,
    });
  });

  it('runs nothing that it was not started with, be it here and the same', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.ts'), 'export default 1;');
    const fingerprint = fingerprintOf(join(cwd, 'mine.ts'));
    for (const spec of ['./mine.ts', join(cwd, 'mine.ts'), '../x/mine.ts', 'baseline', 'zod']) {
      const match = matchRun(runOf({ strategies: [{ name: 'a', spec, fingerprint }] }), NAMED);
      expect(match).toHaveProperty('problem');
    }
  });

  it.each([
    ['./nothing.ts', '--allow ./nothing.ts: there is no such file'],
    ['basline', '--allow basline: unknown strategy; did you mean baseline?'],
    ['baseline,', '--allow baseline,: an empty name'],
    ['baseline?a=1', '--allow baseline?a=1: a strategy is allowed with all options'],
  ])('is not started with --allow %s', (text, message) => {
    expect(() => allowedStrategies(text, { cwd: tempFolder(), strategyPaths: [] })).toThrow(message);
  });

  it.each<[string, Parameters<typeof matchRun>[0], string]>([
    ['of a protocol that it does not know', 'not understood', 'another version started the run'],
    ['of another version', runOf({ tool: { version: '9.9.9', fingerprint: '' } }), "the run's is 9.9.9"],
    [
      'of other code',
      runOf({ tool: { version: toolVersion(), fingerprint: 'x' } }),
      "simulates with other code than the run's",
    ],
    [
      'of an unknown strategy',
      runOf({ strategies: [{ name: 'basline', spec: 'basline', fingerprint: '' }] }),
      'strategy basline: is none of those that this worker was started with; --allow names them',
    ],
    [
      'of a file that is not here',
      runOf({ strategies: [{ name: 'a', spec: './a.ts', fingerprint: '' }] }),
      'strategy ./a.ts: is none of those',
    ],
    [
      'of a strategy with other code',
      runOf({ strategies: [{ name: 'baseline', spec: 'baseline', fingerprint: 'x' }] }),
      'strategy baseline: its code here is not',
    ],
  ])('refuses a run %s', (_, run, problem) => {
    expect(matchRun(run, NAMED)).toMatchObject({
      problem: expect.stringContaining(problem) as string,
    });
  });
});
