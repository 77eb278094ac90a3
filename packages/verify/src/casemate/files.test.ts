/** What is exported is judged as it was verified, within the reach of the judge. */
import { describe, expect, it } from 'vitest';
import { extraBarriers, flushVmid, freeBeforeFlush, takeDownByIpa, WRONG_ORDERS } from '../../test/flush-orders.ts';
import { installFirstNoClean, takeDownFirst } from '../../test/specimens.ts';
import { VerifyError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import { verifyWorld } from '../verify-world.ts';
import type { World } from '../world.ts';
import { WORLDS } from '../worlds/index.ts';
import { relaxWritable } from '../worlds/stock-races.ts';
import { casemateIndexSchema, writeIndex } from './export-index.ts';
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
  const records = parseTrace(file.text, file.file);
  expect(writeTrace(records)).toBe(file.text);
  return records;
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
    expect(file).toMatchObject({
      file: `${subject.strategy.name}.${name}.logging-first.fwb.break-before-make.rejected.casemate`,
      strategy: subject.strategy.name,
      world: name,
      history: 'logging-first',
      fwb: true,
      rule: 'break-before-make',
      expected: 'rejected',
      limits: [],
    });
    const reason = subject.strategy.name === 'block-over-table' ? 'BBM valid->valid' : 'BBM invalid unclean->valid';
    const records = recordsOf(file);
    expect(file.records).toBe(records.length);
    // What we refuse is the last thing that is written.
    expect(file.answer).toEqual({ exitCode: 1, refused: { record: records.length - 1, what: 'mem-write', reason } });
  });
});

describe('a table page that is given back too early', () => {
  const reason = 'root does not exist';

  it.each(['partial-table', 'three-levels'])('is refused in %s where it is released, which is our record', (name) => {
    const world = worldOf(name);
    const result = verifyWorld(freeBeforeFlush, world, { history: 'logging-first', fwb: false });
    expect(result.rule).toBe('walker-safety');
    const [file] = casemateFiles(freeBeforeFlush, world, result, SAMPLE);
    if (file === undefined) throw new Error('no file');
    expect(file).toMatchObject({ expected: 'rejected', rule: 'walker-safety', limits: [] });
    // The free that breaks our rule is a release and a mem-free, and the run ends there.
    expect(recordsOf(file).slice(-2)).toMatchObject([{ kind: 'release_table' }, { name: 'mem-free' }]);
    const refused = { record: file.records - 2, what: 'release_table', reason };
    expect(file.answer).toEqual({ exitCode: 1, refused });
  });

  it('is refused before the block that breaks our rule, where the table was flushed by IPA', () => {
    const world = worldOf('full-table');
    const result = verifyWorld(takeDownByIpa, world, { history: 'logging-first', fwb: false });
    expect(result.rule).toBe('break-before-make');
    const [file] = casemateFiles(takeDownByIpa, world, result, SAMPLE);
    if (file === undefined) throw new Error('no file');
    expect(file).toMatchObject({ expected: 'rejected', answer: { refused: { what: 'release_table', reason } } });
    const records = recordsOf(file);
    const released = records.findLastIndex((record) => record.name === 'hint' && record.kind === 'release_table');
    expect(file.answer).toMatchObject({ refused: { record: released } });
    expect(records.at(-1)).toMatchObject({ name: 'mem-write', order: 'release' });
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
        expect(verdict, file.file).toBe(file.expected === 'accepted' ? 'accepted' : 'rejected');
        expect(file.answer?.exitCode, file.file).toBe(verdict === 'accepted' ? 0 : 1);
      }
    }
  });
});

describe('a sample', () => {
  const world = worldOf('three-levels');
  const options = { history: 'logging-first', fwb: false, ...SAMPLE } as const;

  it('coalesces where the world can', () => {
    const files = sampleAcceptedRuns(flushVmid, world, options);
    expect(files.map(({ file }) => file)).toEqual(
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

  it('is within reach where a leaf gets permissions in place: Casemate asks for no break', () => {
    const files = sampleAcceptedRuns(flushVmid, relaxWritable, options);
    expect(files.map(({ expected }) => expected)).toEqual(['accepted', 'accepted', 'accepted']);
    const [file] = files;
    if (file === undefined) throw new Error('no file');
    const values = new Map<bigint, bigint>();
    const changes = recordsOf(file).filter((record) => {
      if (record.name !== 'mem-write') return false;
      const before = values.get(record.address) ?? 0n;
      values.set(record.address, record.value);
      return (before & record.value & 1n) === 1n && before !== record.value;
    });
    expect(changes).not.toEqual([]);
  });
});

describe('a counterexample of another rule', () => {
  it('says in its name that it is out of reach', () => {
    const world = worldOf('partial-table');
    const result = verifyWorld(installFirstNoClean, world, { history: 'logging-first', fwb: false });
    const [file] = casemateFiles(installFirstNoClean, world, result, SAMPLE);
    expect(file).toMatchObject({
      file: 'install-first-no-clean.partial-table.logging-first.data-coherency.out-of-reach.casemate',
      rule: 'data-coherency',
      limits: ['another-rule'],
      // The table is changed as it must be: without a rule about caches there is nothing to refuse.
      answer: { exitCode: 0 },
    });
  });

  it('is exported also where a rule that was not held is broken on its way', () => {
    const world = worldOf('full-table');
    const [noTlbi] = WRONG_ORDERS;
    if (noTlbi === undefined) throw new Error('no wrong order');
    const rules = RULES.filter(({ name }) => name !== 'break-before-make');
    const result = verifyWorld(noTlbi, world, { history: 'logging-first', fwb: true, rules });
    expect(result.verdict).toBe('unsafe');
    expect(casemateFiles(noTlbi, world, result, SAMPLE)).toMatchObject([
      { rule: 'walker-safety', expected: 'rejected', answer: { refused: { reason: 'BBM invalid unclean->valid' } } },
    ]);
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

describe('a file’s name', () => {
  it('leads to no other folder, whatever the strategy is called, and is another for another name', () => {
    const files = ['../up?by=a/b', '..%2fup', 'ü', 'a.b'].flatMap((name) =>
      sampleAcceptedRuns({ strategy: { ...flushVmid, name } }, worldOf('full-table'), {
        history: 'logging-first',
        fwb: true,
        seed: 1,
        count: 1,
      }),
    );
    const rest = 'full-table.logging-first.fwb.run-1.accepted.casemate';
    expect(files.map(({ file }) => file)).toEqual([
      `%2e%2e%2fup%3fby%3da%2fb.${rest}`,
      `%2e%2e%252fup.${rest}`,
      `%c3%bc.${rest}`,
      `a%2eb.${rest}`,
    ]);
    expect(casemateIndexSchema.parse(JSON.parse(writeIndex(files))).traces).toHaveLength(4);
  });
});
