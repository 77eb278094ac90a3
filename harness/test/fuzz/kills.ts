/** Kills a run at random moments, and resumes it: the report has the bytes of one that nobody disturbed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/s2bench.js', import.meta.url));
const FILES = ['results.json', 'README.md', 'chart.svg'];
const ARGS = [
  ...[
    'run',
    '--vcpus',
    '1,2,4,8',
    '--memory',
    '64M,128M',
    '--granule',
    '2M',
    '--strategy',
    'baseline,install-first-no-cmo',
  ],
  ...['--stages', 'all', '--no-verify', '--jobs', '2', '--out', 'out', '--resume'],
];

/** Runs until the end, or until the kill; the value is whether it was killed, and how long it took. */
async function run(
  cwd: string,
  killAfterMs?: number,
): Promise<{ readonly code: number | null; readonly tookMs: number }> {
  const sinceMs = performance.now();
  const child = spawn(process.execPath, [BIN, ...ARGS], { cwd, stdio: 'ignore' });
  const over = new AbortController();
  if (killAfterMs !== undefined)
    void setTimeout(killAfterMs, undefined, { signal: over.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
  const [code] = (await once(child, 'close')) as [number | null];
  over.abort();
  return { code, tookMs: performance.now() - sinceMs };
}

function bytesIn(cwd: string): string {
  return FILES.map((file) => readFileSync(join(cwd, 'out', file), 'utf8')).join('\0');
}

/**
 * Kills and resumes so many times.
 *
 * @param random - from 0 to 1
 * @returns what went wrong, a line each
 */
export async function killAndResume(kills: number, random: () => number): Promise<string[]> {
  const undisturbed = mkdtempSync(join(tmpdir(), 's2bench-kills-'));
  const wrong: string[] = [];
  try {
    const { tookMs } = await run(undisturbed);
    const wanted = bytesIn(undisturbed);
    for (let kill = 0; kill < kills; kill++) {
      const cwd = mkdtempSync(join(tmpdir(), 's2bench-kills-'));
      const afterMs = random() * tookMs;
      try {
        await run(cwd, afterMs);
        const { code } = await run(cwd);
        if (code !== 0 || bytesIn(cwd) !== wanted)
          wrong.push(`killed after ${afterMs.toFixed(0)} ms: resumed with exit code ${code ?? 'none'}, other bytes`);
      } finally {
        rmSync(cwd, { recursive: true, force: true });
      }
    }
  } finally {
    rmSync(undisturbed, { recursive: true, force: true });
  }
  return wrong;
}
