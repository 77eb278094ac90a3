/** `s2bench bench --against`: this s2bench and another one take turns, each round a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compareWallTimes, renderWallTimes, type WallTimes } from '@s2bench/report';
import { EXIT } from '../../cli/exit-codes.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { parseInteger } from '../../options/integer.ts';
import { isSaved, readSaved } from './saved.ts';

const OURS = fileURLToPath(new URL('../../../bin/s2bench.js', import.meta.url));
/** Where the program is in a clone, in the package itself, and in a folder that has it installed. */
const PLACES = ['harness/bin/s2bench.js', 'bin/s2bench.js', 'node_modules/s2bench/bin/s2bench.js'];
const DEFAULT_ROUNDS = '10';

/** What a round is run with, and what becomes of the rounds. */
export interface RoundFlags {
  readonly filter?: string;
  /** Each of its flags. */
  readonly strategy?: readonly string[];
  readonly time: string;
  readonly json?: boolean;
  readonly save?: string;
  readonly rounds?: string;
}

/** A program that runs rounds, and the file that it keeps them in. */
interface Side {
  readonly program: string;
  readonly cwd: string;
  readonly file: string;
  readonly name: string;
}

/** Runs the rounds and prints what differs; the value is the exit code. */
export async function benchAgainst(
  against: string,
  flags: RoundFlags,
  stdout: Writable,
  cwd = process.cwd(),
): Promise<number> {
  const rounds = parseInteger(flags.rounds ?? DEFAULT_ROUNDS, '--rounds', { min: 1, max: 1000, example: 10 });
  const saved = isSaved(against, cwd) ? readSaved(against, cwd) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 's2bench-bench-'));
  try {
    const ours: Side = { program: OURS, cwd, file: flags.save ?? join(folder, 'head.json'), name: '--save' };
    const theirs = saved === undefined ? otherSide(against, folder, cwd) : undefined;
    const earlier = isSaved(ours.file, cwd) ? readSaved(ours.file, cwd).rounds.length : 0;
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`s2bench: round ${round + 1} of ${rounds}\n`);
      // ABBA: what comes second in a round has no advantage over all of them.
      const turns = theirs === undefined ? [ours] : round % 2 === 0 ? [theirs, ours] : [ours, theirs];
      for (const side of turns) await runRound(side, flags);
    }
    const base = saved ?? readSaved(join(folder, 'base.json'), cwd);
    const head: WallTimes = readSaved(ours.file, cwd);
    const times = { ...head, rounds: head.rounds.slice(earlier) };
    const comparison = compareWallTimes({ name: against, times: base }, { name: flags.save ?? 'this s2bench', times });
    stdout.write(
      flags.json === true
        ? `${JSON.stringify({ schemaVersion: 1, tool: 's2bench bench --against', ...comparison }, null, 2)}\n`
        : renderWallTimes(comparison),
    );
    return EXIT.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function otherSide(against: string, folder: string, cwd: string): Side {
  const root = resolve(cwd, against);
  const place = PLACES.find((name) => existsSync(join(root, name)));
  if (against === '' || place === undefined) {
    throw new UsageError(
      `--against ${against === '' ? '""' : against}: neither saved wall times nor a folder with s2bench; git worktree add ../base main && (cd ../base && npm ci) makes one`,
    );
  }
  return { program: join(root, place), cwd: root, file: join(folder, 'base.json'), name: `--against ${against}` };
}

async function runRound({ program, cwd, file, name }: Side, { time, filter, strategy }: RoundFlags): Promise<void> {
  const args = ['bench', '--time', time, '--save', file, ...(filter === undefined ? [] : ['--filter', filter])];
  const strategies = (strategy ?? []).flatMap((text) => ['--strategy', text]);
  const child = spawn(process.execPath, [program, ...args, ...strategies], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const line =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^s2bench: /, '') ?? '';
  throw new UsageError(`${name}: s2bench bench ended with ${code ?? 'a signal'}${line === '' ? '' : `: ${line}`}`);
}
