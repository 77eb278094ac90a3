import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  chooseTerminal,
  type MaybeTerminal,
  note,
  saidLine,
  say,
  startProgress,
  SILENT,
  textOptions,
} from './terminal.ts';

const TERMINAL: MaybeTerminal = { isTTY: true, columns: 80, hasColors: () => true };
const PIPE: MaybeTerminal = {};

/** The environment, without what this machine says of colour and width. */
function environment(said: Readonly<Record<string, string>>): void {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'COLUMNS']) vi.stubEnv(name, said[name]);
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  chooseTerminal({ color: 'auto', quiet: false });
});

describe('textOptions', () => {
  it.each([
    ['auto', {}, true, false],
    ['auto', { NO_COLOR: '1' }, false, false],
    ['auto', { NO_COLOR: '' }, true, false],
    ['auto', { FORCE_COLOR: '1' }, true, true],
    ['auto', { FORCE_COLOR: '0' }, false, false],
    ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['always', { NO_COLOR: '1' }, true, true],
    ['never', { FORCE_COLOR: '1' }, false, false],
  ] as const)('--color %s with %o: in a terminal %s, in a pipe %s', (color, said, inTerminal, inPipe) => {
    environment(said);
    chooseTerminal({ color, quiet: false });
    expect(textOptions(TERMINAL).color).toBe(inTerminal);
    expect(textOptions(PIPE).color).toBe(inPipe);
  });

  it('has the width of the terminal, else that of COLUMNS, else 120', () => {
    environment({ COLUMNS: '200' });
    expect(textOptions(TERMINAL).columns).toBe(80);
    expect(textOptions(PIPE).columns).toBe(200);
    expect(textOptions({ isTTY: true, columns: 0 }).columns).toBe(200);
    environment({ COLUMNS: 'wide' });
    expect(textOptions(PIPE).columns).toBe(120);
  });
});

describe('what is said', () => {
  const long = 'no report was written, as the matrix is not that of a preset; --out FOLDER writes one, and it goes on';

  it('is one line for programs, and is broken at spaces in a terminal', () => {
    expect(saidLine(long, PIPE)).toBe(`s2bench: ${long}\n`);
    const lines = saidLine(long, TERMINAL).trimEnd().split('\n');
    expect(lines.length).toBe(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`s2bench: ${long}`);
  });
});

describe('--quiet', () => {
  const { isTTY } = process.stderr;
  afterEach(() => void Object.assign(process.stderr, { isTTY }));

  it('leaves out notes and progress, and no problem', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    chooseTerminal({ color: 'auto', quiet: true });
    note('report written');
    say('a cell failed');
    const stream = Object.assign(process.stderr, { isTTY: true });
    expect(await startProgress({ what: 'cells', total: 1, done: 0 }, stream)).toBe(SILENT);
    expect(write.mock.calls).toEqual([['s2bench: a cell failed\n']]);
  });
});
