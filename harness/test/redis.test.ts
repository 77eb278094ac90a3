import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ProgramEnd, runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { NO_REDIS, RedisServer, until } from './fixtures/redis.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** A program that runs. */
interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<ProgramEnd>;
}

function start(args: string[], cwd: string, env: Record<string, string> = {}): Running {
  let child: ChildProcess | undefined;
  const end = runProgram(args, { cwd, fake: true, env, onStart: (started) => (child = started) });
  if (child === undefined) throw new Error('not started');
  const running = { child, end };
  onTestFinished(async () => {
    running.child.kill('SIGKILL');
    await end;
  });
  return running;
}

/** A worker that is ready, and the cells that it has begun. */
async function startWorker(server: RedisServer, cwd: string, cellMs: number): Promise<Running & { begun(): number }> {
  const log = join(tempFolder(), 'begun.txt');
  const worker = start(['worker', '--redis', server.url, '--jobs', '1'], cwd, {
    FAKE_CELL_MS: String(cellMs),
    FAKE_LOG: log,
  });
  await once(worker.child.stderr as Readable, 'data');
  return { ...worker, begun: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0) };
}

/** A matrix of six cells. */
const matrix = (cwd: string): string[] => [
  ...useFakeProfile(cwd),
  '--strategy',
  'baseline',
  '--vcpus',
  '1,2,3',
  '--json',
];

let whole: Promise<ProgramEnd> | undefined;

/** What one machine gives for it. */
async function embedded(): Promise<string> {
  const cwd = tempFolder();
  whole ??= runProgram(matrix(cwd), { cwd, fake: true });
  return (await whole).stdout;
}

describe.skipIf(NO_REDIS)('cells over Redis', { timeout: 120_000 }, () => {
  it('are shared by two workers, and the result is that of one machine, byte for byte', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const workers = await Promise.all([startWorker(server, cwd, 700), startWorker(server, cwd, 700)]);
    const args = matrix(cwd);
    const run = await start([...args, '--executor', server.url], cwd).end;
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(await embedded());
    const begun = workers.map((worker) => worker.begun());
    expect(begun[0]).toBeGreaterThan(0);
    expect(begun[1]).toBeGreaterThan(0);
  });

  it('survive a worker that is killed in the middle of one', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const victim = await startWorker(server, cwd, 60_000);
    const args = matrix(cwd);
    const run = start([...args, '--executor', server.url], cwd);
    await until(() => victim.begun() === 1);
    victim.child.kill('SIGKILL');
    const heir = await startWorker(server, cwd, 0);
    const { code, stdout } = await run.end;
    expect(code).toBe(0);
    expect(heir.begun()).toBe(6);
    expect(stdout).toBe(await embedded());
  });

  it('survive a restart of Redis that keeps nothing', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const worker = await startWorker(server, cwd, 700);
    const args = matrix(cwd);
    const run = start([...args, '--executor', server.url], cwd);
    await until(() => worker.begun() === 2);
    await server.down();
    await setTimeout(500);
    expect(run.child.exitCode).toBeNull();
    await server.up();
    const { code, stdout } = await run.end;
    expect(code).toBe(0);
    expect(worker.child.exitCode).toBeNull();
    expect(stdout).toBe(await embedded());
  });

  it('are kept when the run is stopped, and given back when a worker is', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const first = await startWorker(server, cwd, 400);
    const args = [...matrix(cwd), '--executor', server.url];
    const stopped = start(args, cwd);
    await until(() => first.begun() === 3);
    stopped.child.kill('SIGINT');
    const end = await stopped.end;
    expect([end.code, end.stdout]).toEqual([130, '']);
    expect(end.stderr).toMatch(
      /s2bench: stopped; [23] of 6 cells are kept: the same command with --resume goes on from there\n$/,
    );
    const kept = Number(/; (\d) of/.exec(end.stderr)?.[1]);
    await until(async () => (await server.keys()).every((key) => !key.includes(':cells-')));

    const begunBefore = first.begun();
    const resumed = start([...args, '--resume'], cwd);
    await until(() => first.begun() > begunBefore);
    first.child.kill('SIGINT');
    const left = await first.end;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain('s2bench: stopping; cells that run are given back\n');
    const second = await startWorker(server, cwd, 0);
    const { code, stdout } = await resumed.end;
    expect(code).toBe(0);
    expect(second.begun()).toBeLessThanOrEqual(6 - kept);
    expect(stdout).toBe(await embedded());
    expect(readdirSync(cwd)).toEqual(['fake.json']);
  });

  it('are refused by a worker that lacks the strategy, which both sides say', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    copyFileSync(strategyPath('quiet'), join(cwd, 'mine.ts'));
    const worker = await startWorker(server, tempFolder(), 0);
    const args = [...matrix(cwd), '--strategy', './mine.ts', '--executor', server.url];
    const { code, stdout, stderr } = await start(args, cwd).end;
    expect([code, stdout]).toEqual([2, '']);
    const reason = 'strategy ./mine.ts: there is no such file or folder';
    expect(stderr).toMatch(
      /^s2bench: worker \S+:\d+ refuses: strategy [^\n]+\ns2bench: --executor \S+: no worker can run this; \S+:\d+: [^\n]+\n$/,
    );
    expect(stderr.split(reason)).toHaveLength(3);
    worker.child.kill('SIGTERM');
    expect((await worker.end).stderr).toMatch(
      /^s2bench: refuses run .*: strategy .\/mine.ts: there is no such file or folder$/m,
    );
    expect(worker.begun()).toBe(0);
  });
});
