/** `npm run judge`, with programs in the place of Casemate: what they answer to a trace is given. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASEMATE_INDEX, type CasemateTrace, writeCasemateIndex } from '@s2bench/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CasemateBuild, JudgeError } from './casemate-build.ts';
import { judgeExport, readExport } from './judge-export.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 's2bench-judge-')));
  mkdirSync(join(folder, 'traces'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What a program does with a trace. */
interface Act {
  readonly says?: readonly string[];
  readonly complains?: readonly string[];
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
}

const RECORD = '(lock (id 0) (tid 0) (address 1) (src "f:t.c:1"))';
const STORE = '(mem-write (id 1) (tid 0) (mem-order plain) (address 1) (value 1) (src "f:t.c:1"))';
const ACCEPTS: Act = { says: [RECORD, STORE], complains: ['casemate-check: log checked successfully.'] };
/** As 3.0.2 does: the state that it prints may hold an exclamation mark too. */
const REFUSES: Act = {
  says: [RECORD, STORE, 'msg: no', '! [0x.1]=0x.0', `on event: ${STORE}`, '\x1b[41m! BBM valid->valid\x1b[0m'],
  code: 1,
};

/** Makes a program that acts so, by the traces' names; `version` is what it answers to --version. */
function program(acts: Readonly<Record<string, Act>>, version: Act = { says: ['casemate 3.0.2'] }): string {
  const path = join(folder, 'casemate-check');
  for (const [name, { says = [], complains = [], code = 0, signal }] of Object.entries({
    ...acts,
    '--version': version,
  })) {
    const act = join(folder, `act ${name}`);
    writeFileSync(`${act}.out`, says.map((line) => `${line}\n`).join(''));
    writeFileSync(`${act}.err`, complains.map((line) => `${line}\n`).join(''));
    writeFileSync(act, signal === undefined ? `exit ${code}\n` : `kill -${signal.replace('SIG', '')} $$\n`);
  }
  writeFileSync(path, `#!/bin/sh\nact="${folder}/act \${1##*/}"\ncat "$act.out"\ncat "$act.err" >&2\n. "$act"\n`);
  chmodSync(path, 0o755);
  return path;
}

const ACCEPTED: CasemateTrace = {
  file: 'a.casemate',
  strategy: 'mine',
  world: 'w',
  history: 'fresh',
  fwb: false,
  kernel: 'v5.12p1',
  expected: 'accepted',
  limits: [],
  records: 2,
  answer: { exitCode: 0 },
};
const REJECTED: CasemateTrace = {
  ...ACCEPTED,
  file: 'r.casemate',
  rule: 'break-before-make',
  expected: 'rejected',
  answer: { exitCode: 1, refused: { record: 1, what: 'mem-write', reason: 'BBM valid->valid' } },
};
const FORESEEN: CasemateTrace = {
  ...ACCEPTED,
  file: 'o.casemate',
  rule: 'accounting',
  expected: 'out-of-reach',
  limits: ['another-rule'],
};
const { answer: _, ...UNKNOWN } = { ...FORESEEN, file: 'u.casemate', limits: ['too-many-cpus' as const] };

/** Writes an export, each trace with a text of its own; its path. */
function exported(...traces: readonly CasemateTrace[]): string {
  const path = join(folder, 'traces');
  for (const { file } of traces) writeFileSync(join(path, file), `${RECORD}\n${STORE.replace('f:', `${file}:`)}\n`);
  writeFileSync(join(path, CASEMATE_INDEX), writeCasemateIndex(traces));
  return path;
}

describe('what a build answers', () => {
  async function disagreementOn(trace: CasemateTrace, act: Act): Promise<string | undefined> {
    const path = exported(trace);
    const build = await CasemateBuild.at(program({ [trace.file]: act }));
    const [judged] = await judgeExport(build, path, readExport(path), () => undefined);
    return judged?.disagreement;
  }

  it('agrees where it is what was expected', async () => {
    expect(await disagreementOn(ACCEPTED, ACCEPTS)).toBeUndefined();
    expect(await disagreementOn(REJECTED, REFUSES)).toBeUndefined();
    expect(await disagreementOn({ ...REJECTED, answer: { exitCode: 1 } }, REFUSES)).toBeUndefined();
    // Nothing is expected, and nothing is asked.
    expect(await disagreementOn(UNKNOWN, { signal: 'SIGSEGV' })).toBeUndefined();
  });

  const otherReason = { ...REFUSES, says: [...(REFUSES.says ?? []), '! double-use pte'] };
  const otherRecord = { ...REFUSES, says: [RECORD, '! BBM valid->valid'] };
  const noRecord = { ...REFUSES, says: ['! BBM valid->valid'] };
  const unread = { complains: ['! parse error at line0 col90: bad src format'], code: 1 };

  it.each<[string, CasemateTrace, Act, string]>([
    ['refuses a good run', ACCEPTED, REFUSES, "expected to be accepted; is refused at record 1 for 'BBM valid->valid'"],
    ['accepts a bad run', REJECTED, ACCEPTS, 'expected to be refused at record 1, mem-write, for'],
    [
      'accepts what it shall refuse anyhow',
      { ...REJECTED, answer: { exitCode: 1 } },
      ACCEPTS,
      'to be refused; is accepted',
    ],
    ['has another reason', REJECTED, otherReason, "is refused at record 1 for 'double-use pte'"],
    ['stops at another record', REJECTED, otherRecord, 'is refused at record 0 for'],
    ['does not say where', REJECTED, noRecord, 'is refused at record unknown for'],
    [
      'cannot read a bad run',
      REJECTED,
      unread,
      'is not judged: exit code 1, parse error at line0 col90: bad src format',
    ],
    ['cannot read a good run', ACCEPTED, unread, 'is not judged: exit code 1, parse error'],
    ['breaks down', REJECTED, { ...REFUSES, signal: 'SIGSEGV' }, 'is not judged: ended by SIGSEGV'],
    ['says nothing', REJECTED, { code: 1 }, 'is not judged: exit code 1'],
    ['ends otherwise', REJECTED, { ...REFUSES, code: 23 }, 'is not judged: exit code 23'],
    ['is not as foreseen', FORESEEN, REFUSES, 'o.casemate: expected to be accepted; is refused at record 1'],
  ])('disagrees where it %s', async (_, trace, act, text) => {
    expect(await disagreementOn(trace, act)).toContain(text);
  });

  it('is asked of every trace once, and told in the order of the index', async () => {
    const traces = Array.from({ length: 9 }, (_, index) => ({ ...ACCEPTED, file: `${index}.casemate` }));
    const path = exported(...traces);
    const build = await CasemateBuild.at(program({ '3.casemate': REFUSES, '7.casemate': ACCEPTS }));
    const counts: number[] = [];
    const judged = await judgeExport(build, path, readExport(path), (count) => counts.push(count));
    expect(judged.map(({ trace }) => trace.file)).toEqual(traces.map(({ file }) => file));
    expect(judged.filter(({ disagreement }) => disagreement === undefined).map(({ trace }) => trace.file)).toEqual([
      '7.casemate',
    ]);
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is asked of a text once, and its answer held against what is expected of each trace that has it', async () => {
    const traces = [{ ...ACCEPTED, file: '0.casemate' }, { ...ACCEPTED, file: '1.casemate' }, REJECTED];
    const path = exported(...traces);
    for (const { file } of traces) writeFileSync(join(path, file), `${RECORD}\n${STORE}\n`);
    // It breaks down on any other file.
    const build = await CasemateBuild.at(program({ '0.casemate': ACCEPTS }));
    const judged = await judgeExport(build, path, readExport(path), () => undefined);
    expect(judged.map(({ disagreement }) => disagreement)).toEqual([
      undefined,
      undefined,
      expect.stringContaining('is accepted') as string,
    ]);
  });
});

describe('a program that is no Casemate', () => {
  const isNone = 'casemate-check: is no Casemate: it answers --version with exit code';

  it.each<[string, () => string, string]>([
    ['is not there', () => join(folder, 'nothing'), 'nothing: cannot be run (ENOENT); name the program'],
    ['is a folder', () => folder, ': is no file; name the program'],
    ['may not be run', () => exported(ACCEPTED) + '/a.casemate', 'a.casemate: cannot be run (EACCES)'],
    ['says that it is something else', () => program({}, { says: ['true (GNU coreutils)'] }), `${isNone} 0 and 'true`],
    ['says nothing', () => program({}, {}), `${isNone} 0 and ''`],
    ['fails', () => program({}, { says: ['casemate 3'], code: 1 }), `${isNone} 1 and 'casemate 3'`],
    ['breaks down', () => program({}, { signal: 'SIGKILL' }), 'casemate-check: cannot be run (ended by SIGKILL)'],
  ])('is refused where it %s', async (_, path, text) => {
    const opening = CasemateBuild.at(path());
    await expect(opening).rejects.toThrow(JudgeError);
    await expect(opening).rejects.toThrow(text);
  });
});

describe('an export that is none', () => {
  const write = (text: string): void => writeFileSync(join(folder, 'traces', CASEMATE_INDEX), text);
  const rewrite = (change: (text: string) => string): void => {
    exported(ACCEPTED);
    write(change(writeCasemateIndex([ACCEPTED])));
  };
  const trace = (): string => join(folder, 'traces', ACCEPTED.file);

  it.each<[string, () => void, string]>([
    [
      'no index',
      () => undefined,
      'index.json: cannot be read (ENOENT); "s2bench verify --export-casemate FOLDER" makes it',
    ],
    ['an index that was cut off', () => write('{"schemaVersion": 1, "tra'), 'index.json: not JSON, or cut off'],
    ['an index of something else', () => write('[]'), 'index.json: no index of traces: '],
    ['an index that is nothing', () => write('null'), 'index.json: no index of traces: '],
    [
      'a later index',
      () => rewrite((text) => text.replace(/"schemaVersion": 1/, '"schemaVersion": 2')),
      'version 2, and',
    ],
    ['an index without traces', () => void exported(), 'index.json: names no trace'],
    [
      'a file above it',
      () => rewrite((text) => text.replace('a.casemate', '../a.casemate')),
      'traces.0.file: must be the name of a trace in the folder of the index',
    ],
    [
      'a trace that is not there',
      () => {
        exported(ACCEPTED);
        rmSync(trace());
      },
      'a.casemate: is named in index.json, and is not',
    ],
    [
      'a link',
      () => {
        exported(ACCEPTED, REJECTED);
        rmSync(trace());
        symlinkSync('r.casemate', trace());
      },
      'a.casemate: is named in index.json, and is no file',
    ],
    [
      'a folder',
      () => {
        exported(ACCEPTED);
        rmSync(trace());
        mkdirSync(trace());
      },
      'a.casemate: is named in index.json, and is no file',
    ],
    [
      'a trace that was cut off',
      () => {
        exported(ACCEPTED);
        writeFileSync(trace(), `${RECORD}\n`);
      },
      'a.casemate: has 1 records, and 2 in index.json; export it again',
    ],
  ])('is refused where it has %s', (_, make, text) => {
    make();
    const read = (): unknown => readExport(join(folder, 'traces'));
    expect(read).toThrow(JudgeError);
    expect(read).toThrow(text);
  });
});

describe('npm run judge', { timeout: 120_000 }, () => {
  function judge(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
    const script = join(import.meta.dirname, 'judge.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@s2bench/source', script, ...args], {
      cwd: import.meta.dirname,
      // As npm says it: where the user stands.
      env: { ...process.env, INIT_CWD: folder },
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }

  it('says by rule how many agree, and ends with 0 where all do', () => {
    exported(REJECTED, ACCEPTED, FORESEEN, UNKNOWN);
    program({ 'a.casemate': ACCEPTS, 'r.casemate': REFUSES, 'o.casemate': ACCEPTS });
    expect(judge('casemate-check', 'traces')).toEqual({
      code: 0,
      stderr: '',
      stdout: `casemate 3.0.2; what is expected is what casemate 3.0.2 answers

rule                        traces     agree  disagree not asked
no rule is broken                1         1         0         0
break-before-make                1         1         0         0
out of reach: accounting         2         1         0         1

4 traces, 0 disagreements
`,
    });
  });

  it('ends with 1, and says what, where one does not', () => {
    exported(ACCEPTED, REJECTED);
    program({ 'a.casemate': ACCEPTS, 'r.casemate': ACCEPTS });
    const { code, stdout, stderr } = judge('casemate-check', 'traces');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^break-before-make +1 +0 +1 +0$/m);
    expect(stdout).toMatch(/\n\nr\.casemate: expected to be refused .*; is accepted\n2 traces, 1 disagreements\n$/);
  });

  it.each<[string, string[], string]>([
    ['takes two arguments, and got 1: npm run judge -- PATH-TO-CASEMATE FOLDER', ['casemate-check'], ''],
    ['casemate-check: cannot be run (ENOENT)', ['casemate-check', 'traces'], 'a'],
    ['index.json: cannot be read (ENOENT)', ['casemate-check', 'traces'], ''],
  ])('ends with 2 and one line: %s', (text, args, has) => {
    if (has !== '') exported(ACCEPTED);
    const { code, stdout, stderr } = judge(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^judge: [^\n]*\n$/);
    expect(stderr).toContain(text);
  });
});
