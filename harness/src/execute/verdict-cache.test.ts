import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERIFIED_KERNEL, type VerifyResult } from '@s2bench/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { verdictKey } from '../plan/fingerprints.ts';
import type { Explored, WorldTask } from '../plan/verify-plan.ts';
import { VerdictCache } from './verdict-cache.ts';

const TASK = {
  subject: { kind: 'strategy', name: 'mine', url: 'file:///one/mine.ts' },
  world: { name: 'a world' },
  history: 'logging',
  fwb: false,
  kernel: VERIFIED_KERNEL,
  rules: ['bbm'],
  bounds: {},
  everyRule: true,
} as unknown as WorldTask;

const exploredAs = (verdict: VerifyResult['verdict'], maxStates = 100): Explored => ({
  ok: true,
  results: [{ strategy: 'mine', verdict, states: 7, bounds: { maxStates } } as VerifyResult],
  traces: [],
});

const open = (folder: string, fingerprint = 'code'): VerdictCache =>
  new VerdictCache(folder, new Map([['mine', fingerprint]]));

/** A cache that holds the task's result, and the file that does. */
function filled(): { folder: string; path: string } {
  const folder = tempFolder();
  open(folder).keep(TASK, exploredAs('safe'));
  const [name = ''] = readdirSync(join(folder, 'verdicts'));
  return { folder, path: join(folder, 'verdicts', name) };
}

describe('the key of a verdict', () => {
  it('depends on all that the verdict does, and on no path', () => {
    const key = verdictKey(TASK, 'verifier', 'strategy');
    const at = (url: string): WorldTask => ({ ...TASK, subject: { kind: 'strategy', name: 'mine', url } });
    expect(verdictKey(at('file:///other/place/mine.ts'), 'verifier', 'strategy')).toBe(key);
    const others = [
      verdictKey(TASK, 'other', 'strategy'),
      verdictKey(TASK, 'verifier', 'other'),
      verdictKey(at('file:///one/mine.ts?options=1'), 'verifier', 'strategy'),
      verdictKey(
        { ...TASK, subject: { kind: 'strategy', name: 'other', url: 'file:///one/mine.ts' } },
        'verifier',
        'strategy',
      ),
      ...[
        { world: { name: 'another world' } },
        { history: 'pristine' },
        { fwb: true },
        { arch: 'no-bbm2' },
        { kernel: 'v6.2' },
        { rules: ['stale'] },
        { bounds: { maxStates: 1 } },
        { everyRule: false },
        { casemate: true },
      ].map((other) => verdictKey({ ...TASK, ...other } as unknown as WorldTask, 'verifier', 'strategy')),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
});

describe('verdicts that are kept', () => {
  it('are found by the next run, unless the code has changed', () => {
    const { folder } = filled();
    expect(open(folder).find(TASK)).toEqual(exploredAs('safe'));
    expect(open(folder, 'other code').find(TASK)).toBeUndefined();
    expect(new VerdictCache(folder, new Map()).find(TASK)).toBeUndefined();
  });

  it('are those too that a number of states has cut off, which is the same everywhere', () => {
    const folder = tempFolder();
    open(folder).keep(TASK, exploredAs('incomplete', 6));
    expect(open(folder).find(TASK)).toEqual(exploredAs('incomplete', 6));
  });

  it('are none of what time or memory has cut off, or what has failed', () => {
    const folder = tempFolder();
    open(folder).keep(TASK, exploredAs('incomplete'));
    open(folder).keep(TASK, { ok: false, problem: 'strategy mine: throws' });
    expect(existsSync(join(folder, 'verdicts'))).toBe(false);
  });

  it('are explored anew where a file is not what was written', () => {
    const { folder, path } = filled();
    const whole = readFileSync(path);
    const cache = open(folder);
    fc.assert(
      fc.property(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bytes = isCut ? whole.subarray(0, at) : Buffer.from(whole);
        if (!isCut) bytes[at] = (bytes[at] ?? 0) ^ flip;
        writeFileSync(path, bytes);
        expect(cache.find(TASK)).toBeUndefined();
      }),
    );
    open(folder).keep(TASK, exploredAs('safe'));
    expect(open(folder).find(TASK)).toEqual(exploredAs('safe'));
  });

  it('are none of another question, whose file lies in the place', () => {
    const { folder, path } = filled();
    const other = { ...TASK, fwb: true };
    open(folder).keep(other, exploredAs('unsafe'));
    const theirs = readdirSync(join(folder, 'verdicts')).find((name) => !path.endsWith(name)) ?? '';
    writeFileSync(path, readFileSync(join(folder, 'verdicts', theirs)));
    expect(open(folder).find(TASK)).toBeUndefined();
    expect(open(folder).find(other)).toEqual(exploredAs('unsafe'));
  });

  it('go when they have not been used for two months', () => {
    const { folder, path } = filled();
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3600 * 1000);
    utimesSync(path, daysAgo(50), daysAgo(50));
    expect(open(folder).find(TASK)).toBeDefined();
    utimesSync(path, daysAgo(70), daysAgo(70));
    expect(open(folder).find(TASK)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  it('are none where the folder cannot be made or written', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    open(file).keep(TASK, exploredAs('safe'));
    expect(open(file).find(TASK)).toBeUndefined();
  });
});
