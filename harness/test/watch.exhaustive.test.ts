import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runProgram, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const GOOD = readFileSync(
  fileURLToPath(new URL('../../strategies/full-population-check/src/index.ts', import.meta.url)),
  'utf8',
);
const HANGS = readFileSync(strategyPath('loops-in-visitor'), 'utf8');
const BROKEN = GOOD.replace('    map.tlbiVmid();\n', '');

describe('s2bench watch', () => {
  it('shows what every save changes, says where a syntax error is or a visitor hangs and goes on, and ends with Ctrl-C', async () => {
    const cwd = tempFolder();
    const file = join(cwd, 'mine.ts');
    writeFileSync(file, GOOD);
    const seen = { stdout: '', stderr: '' };
    const until = async (stream: 'stdout' | 'stderr', text: string): Promise<void> => {
      while (!seen[stream].includes(text)) await setTimeout(20);
      seen[stream] = '';
    };
    const end = await runProgram(['watch', './mine.ts'], {
      cwd,
      onStart: (child) => {
        child.stdout?.on('data', (text: string) => (seen.stdout += text));
        child.stderr?.on('data', (text: string) => (seen.stderr += text));
        void (async () => {
          await until('stdout', 'for the first look');
          writeFileSync(file, BROKEN);
          await until('stdout', 'after the save');
          writeFileSync(file, 'export default {\n  name: ,\n};\n');
          await until('stderr', 'cannot be loaded');
          writeFileSync(file, HANGS);
          await until('stderr', 'did not return');
          writeFileSync(file, GOOD);
          await until('stdout', 'after the save');
          child.kill('SIGINT');
        })();
      },
    });
    const [first = '', broken = '', good = ''] = end.stdout.split(/(?<=waiting for a save\n)/);
    expect(first).toMatch(/\ntypes +not checked: no TypeScript beside it/);
    expect(first).toMatch(
      /^full-population-check\nconformance +holds\nverdict +safe in 6 small worlds\neffect +ADJUST, .*beside baseline:\n +history +time +invalid window +cleaned +stale reads\n +─+\n +block-first +\d/,
    );
    expect(broken).toMatch(
      /full-population-check breaks break-before-make in op 1 \(map 0x200000 0x200000 0x10000200000 rw\), at step 3 \(install\)/,
    );
    expect(broken).toMatch(/\nverdict +unsafe: breaks break-before-make in partial-table \(logging-first, FWB off\)\n/);
    expect(readFileSync(join(cwd, '.results', 'full-population-check-coalesce.ops'), 'utf8')).toContain(
      'map 0x200000 0x200000',
    );
    expect(good).toContain('verdict      safe in 6 small worlds');
    expect(end.stderr).toMatch(
      /^s2bench: \.\/mine\.ts: cannot be loaded in line 2: [^\n]+\ns2bench: \.\/mine\.ts: a visitor did not return within 5 s\ns2bench: stopped watching\n$/,
    );
    expect(end.code).toBe(130);
  });
});
