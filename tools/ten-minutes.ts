/**
 * `npm run demo:strategy`: from nothing to a verdict, as somebody does who has an idea. Works in a clone that it throws
 * away, and prints the seconds of each step.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScratchClone } from './scratch-clone.ts';

const NAME = 'clean-early';
const SOURCE = `strategies/${NAME}/src/index.ts`;

/** The idea: clean while the guest still runs, before the entry is broken. One line moves. */
const CLEAN = '    map.clean(entry);\n';
const BREAK = '    map.invalidate(entry);\n';

const startedAt = performance.now();
const clone = new ScratchClone();
try {
  step('a new strategy', 'nx', ['g', '@s2bench/nx:strategy', NAME, '--from', 'install-first-uniform-cmo', '--quiet']);
  edit();
  step('its tests', 'vitest', ['run', '--project', NAME, '--reporter=dot']);
  step('its times', 's2bench', [
    'run',
    '--strategy',
    `baseline,install-first-uniform-cmo,${NAME}`,
    '--vcpus',
    '8',
    '--memory',
    '4G',
  ]);
  step('its verdict', 's2bench', ['verify', NAME]);
  process.stdout.write(`${seconds(startedAt)}  in all\n`);
} catch (error) {
  process.stderr.write(`s2bench: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  clone.remove();
}

function step(title: string, command: string, args: readonly string[]): void {
  process.stdout.write(`\n$ ${[command, ...args].join(' ')}\n`);
  const stepStartedAt = performance.now();
  const { status, error } = spawnSync(command, args, {
    cwd: clone.root,
    env: clone.env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.stdout.write(`${seconds(stepStartedAt)}  ${title}\n`);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${status ?? 'none'}`);
}

function edit(): void {
  const path = join(clone.root, SOURCE);
  const text = readFileSync(path, 'utf8');
  const edited = text.replace(CLEAN, '').replace(BREAK, `${CLEAN}${BREAK}`);
  if (edited === text || !edited.includes(CLEAN)) throw new Error(`${SOURCE}: the line to be moved is not there`);
  writeFileSync(path, edited);
  process.stdout.write(`\nedited ${SOURCE}: ${CLEAN.trim()} moves before ${BREAK.trim()}\n`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(8);
}
