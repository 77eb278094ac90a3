import { describe, expect, it } from 'vitest';
import { BLOCK, LEVEL_2, liveTable, LOCK, release, sysreg, write } from '../../test/casemate-traces.ts';
import { answerTo, type CasemateTrace, casemateIndexSchema, writeIndex } from './export-index.ts';
import type { CasemateAction, CasemateRecord } from './records.ts';

const trace: CasemateTrace = {
  file: 'mine.full-table.fresh.run-1.accepted.casemate',
  strategy: 'mine',
  world: 'full-table',
  history: 'fresh',
  fwb: false,
  kernel: 'v5.12p1',
  expected: 'accepted',
  limits: [],
  records: 40,
  answer: { exitCode: 0 },
};

describe('an index', () => {
  it('is read as it was written, and holds nothing besides', () => {
    const traces = [trace, { ...trace, file: 'b.casemate', answer: { exitCode: 1 } }] as const;
    const text = writeIndex(traces.map((each) => ({ ...each, text: '(lock …' })));
    expect(JSON.parse(text)).toEqual({ schemaVersion: 1, casemate: '3.0.2', traces });
    expect(casemateIndexSchema.parse(JSON.parse(text)).traces).toEqual(traces);
  });

  it.each([
    '../mine.casemate',
    '/tmp/mine.casemate',
    'a/mine.casemate',
    'a\\mine.casemate',
    '.casemate',
    '..casemate',
    'mine',
    'mine.casemate\n',
    'index.json',
  ])('names no file %j', (file) => {
    expect(() => writeIndex([{ ...trace, file }])).toThrow('must be the name of a trace in the folder of the index');
  });

  it('names no file twice', () => {
    expect(() => writeIndex([trace, { ...trace, strategy: 'other' }])).toThrow('names a file twice');
  });
});

describe('the answer that is foreseen', () => {
  const recordsOf = (...actions: readonly CasemateAction[]): CasemateRecord[] =>
    [...liveTable(1), ...actions].map((action) => ({ ...action, tid: 0, src: 'f:t.c:1' }));
  const good = recordsOf(LOCK);
  const bad = recordsOf(LOCK, write(LEVEL_2, BLOCK));
  const refused = { record: bad.length - 1, what: 'mem-write', reason: 'BBM valid->valid' };

  it('says where and why a run is refused', () => {
    expect(answerTo(good, 'accepted')).toEqual({ exitCode: 0 });
    expect(answerTo(bad, 'rejected')).toEqual({ exitCode: 1, refused });
    const hinted = recordsOf(LOCK, release(LEVEL_2));
    expect(answerTo(hinted, 'rejected')).toMatchObject({
      refused: { record: hinted.length - 1, what: 'release_table' },
    });
  });

  it('is our verdict, where our reading of Casemate is of another mind: then Casemate itself must say', () => {
    expect(answerTo(bad, 'accepted')).toEqual({ exitCode: 0 });
    expect(answerTo(good, 'rejected')).toEqual({ exitCode: 1 });
  });

  it('is our reading’s where the verdict is out of reach, and none where our reading does not follow', () => {
    expect(answerTo(good, 'out-of-reach')).toEqual({ exitCode: 0 });
    expect(answerTo(bad, 'out-of-reach')).toEqual({ exitCode: 1, refused });
    const beyond = recordsOf(sysreg('sctlr_el2', 1n));
    expect(answerTo(beyond, 'out-of-reach')).toBeUndefined();
    expect(answerTo(beyond, 'accepted')).toEqual({ exitCode: 0 });
  });
});
