import { defineStrategy } from '@s2bench/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { besideHooks, isHookPackage, locateHooks, partsOf, spanHooks, splitHooks } from './hooks.ts';
import { loadStrategy } from './load.ts';
import { locateStrategy } from './locate.ts';

const about = (name: string, rest: string): string =>
  `export default { name: '${name}', summary: 's', source: 's', contractVersion: 3, walkers: ['v5', 'v6'], v6: {}, ${rest} };`;
const PHASE = "[{ name: 'act', run() {} }]";

/** Strategies as files: one with visitors, and hooks. */
function files() {
  const cwd = tempFolder();
  const hook = (name: string, rest: string): string => about(name, rest).replace(' v6: {},', '');
  writeFileSync(join(cwd, 'mine.js'), about('mine', ''));
  writeFileSync(join(cwd, 'stop.js'), hook('stop', `logStop: ${PHASE}`));
  writeFileSync(join(cwd, 'start.js'), hook('start', `logStart: ${PHASE}`));
  writeFileSync(join(cwd, 'wrong.js'), hook('wrong', "logStop: [{ name: 'Act', run() {} }]"));
  const locate = (text: string) => locateStrategy(text, new Map(), cwd, '--strategy');
  const hooks = (texts: string[] | undefined) => locateHooks(texts, new Map(), cwd, '--log-stop');
  return { cwd, locate, hooks };
}

describe('hooks beside a strategy', () => {
  it('span it, and are loaded with it by one URL', async () => {
    const { locate, hooks } = files();
    const [plain, hooked, ...others] = spanHooks(
      [locate('./mine.js')],
      hooks(undefined),
      hooks(['upstream', './stop.js']),
    );
    expect(others).toEqual([]);
    expect(plain).toEqual(locate('./mine.js'));
    expect(hooked?.spec).toBe('./mine.js+./stop.js');
    const strategy = await loadStrategy(hooked?.entryUrl ?? '');
    expect(strategy).toMatchObject({ name: 'mine+stop', logStop: [{ name: 'act' }] });
    expect(partsOf(hooked?.entryUrl ?? '', strategy.name)).toEqual({ strategy: 'mine', logStop: 'stop' });
    expect(partsOf(plain?.entryUrl ?? '', 'mine')).toEqual({ strategy: 'mine' });
  });
  it.each([
    [
      './stop.js',
      '',
      'stop has hooks and no visitors: it stands beside a strategy, as in --strategy upstream --log-stop stop',
    ],
    ['./mine.js', './start.js', '--log-stop: start has no hook for where logging stops; it has one for the start'],
    ['./mine.js', './mine.js', '--log-stop: mine has no hook for where logging stops'],
    ['./mine.js', './wrong.js', 'not a strategy: logStop.0.name: must be lower-case words joined by hyphens'],
  ])('%s with %s is refused in one line', async (strategy, hook, line) => {
    const { locate, hooks } = files();
    const [location] = spanHooks([locate(strategy)], [undefined], hooks(hook === '' ? undefined : [hook]));
    await expect(loadStrategy(location?.entryUrl ?? '')).rejects.toThrow(line);
  });
  it('must be written for a walker that the strategy is written for', () => {
    const base = { summary: 's', source: 's' };
    const later = defineStrategy({ ...base, name: 'later', walkers: ['v6'], logStart: [] });
    const own = defineStrategy({ ...base, name: 'own', tablePre: () => 0 });
    expect(() => besideHooks(own, { start: later })).toThrow('own is written for v5, later is written for v6');
  });
});

describe('the names and URLs of hooks', () => {
  it('come apart again, whatever options there are', () => {
    const { locate, hooks } = files();
    const [both] = spanHooks([locate('./mine.js')], hooks(['./start.js']), hooks(['./stop.js']));
    const name = 'mine?threshold=1e+5+split-eager?chunk=1+zap';
    expect(partsOf(both?.entryUrl ?? '', name)).toEqual({
      strategy: 'mine?threshold=1e+5',
      logStart: 'split-eager?chunk=1',
      logStop: 'zap',
    });
    const { own, hooks: found } = splitHooks(both?.entryUrl ?? '');
    expect(own).toBe(locate('./mine.js').entryUrl);
    expect([...found]).toEqual([
      ['start', locate('./start.js').entryUrl],
      ['stop', locate('./stop.js').entryUrl],
    ]);
  });
});

describe('a package of hooks alone', () => {
  it('says so by a keyword', () => {
    const cwd = tempFolder();
    for (const [name, keywords] of Object.entries({ zap: ['s2bench-log-stop'], other: ['s2bench-strategy'] })) {
      mkdirSync(join(cwd, name));
      writeFileSync(join(cwd, name, 'package.json'), JSON.stringify({ name, keywords }));
    }
    expect([
      isHookPackage(join(cwd, 'zap')),
      isHookPackage(join(cwd, 'other')),
      isHookPackage(join(cwd, 'none')),
    ]).toEqual([true, false, false]);
  });
});
