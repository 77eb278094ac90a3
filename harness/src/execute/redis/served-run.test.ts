import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/fixtures/temp-folder.ts';
import { toolVersion } from '../../cli/installation.ts';
import { fingerprintCode, fingerprintTool } from '../../plan/fingerprints.ts';
import { type Announcement, PROTOCOL_VERSION } from './protocol.ts';
import { matchRun } from './served-run.ts';

function runOf(different: Partial<Announcement>): Announcement {
  return {
    protocol: PROTOCOL_VERSION,
    id: 'a',
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
      strategies: [{ name: 'my-own', spec: './mine.ts', fingerprint: fingerprintCode(join(cwd, 'mine.ts')) }],
    });
    const match = matchRun(run, { cwd, strategyPaths: [] });
    if ('problem' in match) throw new Error(match.problem);
    expect(match.locations.get('my-own')?.entryUrl).toMatch(/\/mine\.ts$/);
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
      'strategy basline: unknown strategy; did you mean baseline?',
    ],
    [
      'of a file that is not here',
      runOf({ strategies: [{ name: 'a', spec: './a.ts', fingerprint: '' }] }),
      'strategy ./a.ts: there is no such file',
    ],
    [
      'of a strategy with other code',
      runOf({ strategies: [{ name: 'baseline', spec: 'baseline', fingerprint: 'x' }] }),
      'strategy baseline: its code here is not',
    ],
  ])('refuses a run %s', (_, run, problem) => {
    expect(matchRun(run, { cwd: tempFolder(), strategyPaths: [] })).toMatchObject({
      problem: expect.stringContaining(problem) as string,
    });
  });
});
