/** What is exported is judged as it was verified, within the reach of the judge. */
import { describe, expect, it } from 'vitest';
import { extraBarriers, flushVmid, WRONG_ORDERS } from '../../test/flush-orders.ts';
import { installFirstNoClean, takeDownFirst } from '../../test/specimens.ts';
import { VerifyError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import { verifyWorld } from '../verify-world.ts';
import type { World } from '../world.ts';
import { WORLDS } from '../worlds/index.ts';
import { relaxWritable } from '../worlds/stock-races.ts';
import type { CasemateFile } from './files.ts';
import { casemateFiles, counterexampleFile, sampleAcceptedRuns } from './files.ts';
import { judgeTrace } from './judge.ts';
import { parseTrace } from './parse.ts';
import type { CasemateRecord } from './records.ts';
import { writeTrace } from './write.ts';

const BREAK_BEFORE_MAKE = RULES.filter(({ name }) => name === 'break-before-make');
const SAMPLE = { seed: 1, count: 3 };

function worldOf(name: string): World {
  const world = WORLDS.find((candidate) => candidate.name === name);
  if (world === undefined) throw new Error(`no world ${name}`);
  return world;
}

function recordsOf(file: CasemateFile): CasemateRecord[] {
  const records = parseTrace(file.text, file.name);
  expect(writeTrace(records)).toBe(file.text);
  return records;
}

/** A plain store after another needs a barrier between them: Casemate takes only the first of a section as ordered. */
function plainStoresAfterOthers(records: readonly CasemateRecord[]): number {
  let stored = false;
  let count = 0;
  const live = records.findIndex(({ name }) => name === 'lock');
  for (const record of records.slice(live)) {
    if (record.name === 'lock' || record.name === 'barrier') stored = false;
    if (record.name !== 'mem-write') continue;
    if (stored && record.order === 'plain') count++;
    stored = true;
  }
  return count;
}

describe.each(WRONG_ORDERS)('$strategy.name', (subject) => {
  // With FWB nothing is cleaned, so that no barrier of a clean stands in for one that was forgotten.
  it.each(['partial-table', 'three-levels', 'partial-unmap'])('is rejected in %s, by us and by the judge', (name) => {
    const world = worldOf(name);
    const result = verifyWorld(subject, world, { history: 'logging-first', fwb: true, rules: BREAK_BEFORE_MAKE });
    expect(result.rule).toBe('break-before-make');
    const [file, ...others] = casemateFiles(subject, world, result, SAMPLE);
    if (file === undefined) throw new Error('no file');
    expect(others).toEqual([]);
    expect(file.name).toBe(`${subject.strategy.name}.${name}.logging-first.fwb.break-before-make.rejected.casemate`);
    const reason = subject.strategy.name === 'block-over-table' ? 'BBM valid->valid' : 'BBM invalid unclean->valid';
    const records = recordsOf(file);
    // What we refuse is the last thing that is written.
    expect(judgeTrace(records)).toEqual({ verdict: 'rejected', id: records.length - 1, reason });
  });
});

describe.each([{ strategy: flushVmid }, { strategy: takeDownFirst }, extraBarriers])('$strategy.name', (subject) => {
  it.each(WORLDS.filter(({ name }) => name !== 'crowd'))('is accepted in $name, by the judge too', (world) => {
    for (const history of world.histories) {
      const files = sampleAcceptedRuns(subject, world, { history, fwb: false, ...SAMPLE });
      expect(files).not.toEqual([]);
      for (const file of files) {
        const records = recordsOf(file);
        const { verdict } = judgeTrace(records);
        // Out of reach is said only where the judge would say something else.
        expect(verdict, file.name).toBe(file.expected === 'accepted' ? 'accepted' : 'rejected');
        if (file.expected === 'accepted') expect(plainStoresAfterOthers(records), file.name).toBe(0);
      }
    }
  });
});

describe('a sample', () => {
  const world = worldOf('three-levels');
  const options = { history: 'logging-first', fwb: false, ...SAMPLE } as const;

  it('coalesces where the world can', () => {
    const files = sampleAcceptedRuns(flushVmid, world, options);
    expect(files.map(({ name }) => name)).toEqual(
      [1, 2, 3].map((run) => `flush-vmid.three-levels.logging-first.run-${run}.accepted.casemate`),
    );
    for (const { text } of files) expect(text).toMatch(/mem-free/);
  });

  it('is the same for the same seed, and another for another', () => {
    const texts = (seed: number): string[] =>
      sampleAcceptedRuns(flushVmid, world, { ...options, seed }).map(({ text }) => text);
    expect(texts(1)).toEqual(texts(1));
    expect(texts(2)).not.toEqual(texts(1));
    expect(new Set(texts(1)).size).toBe(3);
  });

  it('is what casemateFiles gives of a safe result', () => {
    const result = verifyWorld(flushVmid, world, { history: 'logging-first', fwb: false });
    expect(casemateFiles(flushVmid, world, result, SAMPLE)).toEqual(sampleAcceptedRuns(flushVmid, world, options));
  });

  it('is out of reach where a leaf gets permissions in place', () => {
    const files = sampleAcceptedRuns(flushVmid, relaxWritable, options);
    expect(files.map(({ limits }) => limits)).toEqual(files.map(() => ['leaf-changed-in-place']));
    expect(files[0]?.name).toMatch(/run-1\.out-of-reach\.casemate$/);
  });
});

describe('a counterexample of another rule', () => {
  it('says in its name that it is out of reach', () => {
    const world = worldOf('partial-table');
    const result = verifyWorld(installFirstNoClean, world, { history: 'logging-first', fwb: false });
    const [file] = casemateFiles(installFirstNoClean, world, result, SAMPLE);
    expect(file).toMatchObject({
      name: 'install-first-no-clean.partial-table.logging-first.data-coherency.out-of-reach.casemate',
      limits: ['another-rule'],
    });
    // The table is changed as it must be: without a rule about caches there is nothing to refuse.
    if (file !== undefined) expect(judgeTrace(recordsOf(file)).verdict).toBe('accepted');
  });

  it('is exported also where a rule that was not held is broken on its way', () => {
    const world = worldOf('full-table');
    const [noTlbi] = WRONG_ORDERS;
    if (noTlbi === undefined) throw new Error('no wrong order');
    const rules = RULES.filter(({ name }) => name !== 'break-before-make');
    const result = verifyWorld(noTlbi, world, { history: 'logging-first', fwb: true, rules });
    expect(result.verdict).toBe('unsafe');
    const files = casemateFiles(noTlbi, world, result, SAMPLE);
    expect(files.map(({ limits }) => limits)).toEqual([['another-rule']]);
  });

  it('is not exported as another strategy’s', () => {
    const world = worldOf('partial-table');
    const [wrong] = WRONG_ORDERS;
    if (wrong === undefined) throw new Error('no wrong order');
    const { counterexample } = verifyWorld(wrong, world, { history: 'logging-first', fwb: true });
    if (counterexample === undefined) throw new Error('no counterexample');
    expect(() => counterexampleFile(flushVmid, world, counterexample)).toThrow(VerifyError);
  });
});
