import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Cell } from '@s2bench/report/schema';
import { Queue, Worker as BullWorker } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeCell } from './fixtures/fake-job.ts';
import { type ProgramEnd, runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { Gate, keptCells, until } from './fixtures/progress.ts';
import { NO_REDIS, RedisServer } from './fixtures/redis.ts';
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
interface Worker extends Running {
  readonly gate: Gate;
  begun(): number;
}

/** Starts a worker, which finishes so many cells until its gate lets more of them through. */
async function startWorker(
  server: RedisServer,
  cwd: string,
  cells = ALL,
  more: readonly string[] = [],
): Promise<Worker> {
  const folder = tempFolder();
  const log = join(folder, 'begun.txt');
  const gate = new Gate(folder, cells);
  const worker = start(['worker', '--redis', server.url, '--jobs', '1', ...more], cwd, { ...gate.env, FAKE_LOG: log });
  await once(worker.child.stderr as Readable, 'data');
  return { ...worker, gate, begun: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0) };
}

/** Writes a secret into a folder; the value is the flag that names it. */
function useSecret(cwd: string): string[] {
  writeFileSync(join(cwd, 'queue.secret'), '0123456789abcdef0123456789abcdef\n');
  return ['--secret-file', 'queue.secret'];
}

/** More cells than there are. */
const ALL = 1000;

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

describe.skipIf(NO_REDIS)('cells over Redis', () => {
  it('are shared by two workers, and the result is that of one machine, byte for byte', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const workers = await Promise.all([startWorker(server, cwd, 0), startWorker(server, cwd, 0)]);
    const args = matrix(cwd);
    const { end } = start([...args, '--executor', server.url], cwd);
    await until(() => workers.every((worker) => worker.begun() === 1));
    for (const { gate } of workers) gate.letThrough(ALL);
    const run = await end;
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(await embedded());
    expect(workers.reduce((sum, worker) => sum + worker.begun(), 0)).toBe(6);
  });

  it('survive a worker that is killed in the middle of one', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const victim = await startWorker(server, cwd, 0);
    const args = matrix(cwd);
    const run = start([...args, '--executor', server.url], cwd);
    await until(() => victim.begun() === 1);
    victim.child.kill('SIGKILL');
    const heir = await startWorker(server, cwd);
    const { code, stdout } = await run.end;
    expect(code).toBe(0);
    expect(heir.begun()).toBe(6);
    expect(stdout).toBe(await embedded());
  });

  it('survive a restart of Redis that keeps nothing', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const worker = await startWorker(server, cwd, 1);
    const args = matrix(cwd);
    const run = start([...args, '--executor', server.url], cwd);
    await until(() => worker.begun() === 2);
    const said = once(run.child.stderr as Readable, 'data');
    await server.down();
    expect(String(await said)).toContain('Redis does not answer; waiting for it');
    expect(run.child.exitCode).toBeNull();
    await server.up();
    worker.gate.letThrough(ALL);
    const { code, stdout } = await run.end;
    expect(code).toBe(0);
    expect(worker.child.exitCode).toBeNull();
    expect(stdout).toBe(await embedded());
  });

  it('are kept when the run is stopped, and given back when a worker is', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const first = await startWorker(server, cwd, 2);
    const args = [...matrix(cwd), '--executor', server.url];
    const stopped = start(args, cwd);
    await until(() => first.begun() === 3 && keptCells(join(cwd, '.results')) === 2);
    stopped.child.kill('SIGINT');
    const end = await stopped.end;
    expect([end.code, end.stdout]).toEqual([130, '']);
    expect(end.stderr).toMatch(
      /s2bench: stopped; 2 of 6 cells are kept: the same command with --resume goes on from there\n$/,
    );
    await until(async () => (await server.keys()).every((key) => !key.includes(':cells-')));

    first.gate.letThrough(0);
    const resumed = start([...args, '--resume'], cwd);
    await until(() => first.begun() === 4);
    first.child.kill('SIGINT');
    const left = await first.end;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain('s2bench: stopping; cells that run are given back\n');
    const second = await startWorker(server, cwd);
    const { code, stdout } = await resumed.end;
    expect(code).toBe(0);
    expect(second.begun()).toBe(4);
    expect(stdout).toBe(await embedded());
    expect(readdirSync(cwd)).toEqual(['fake.json']);
  });

  it('are refused by a worker that was not started with the strategy, which both sides say', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    copyFileSync(strategyPath('quiet'), join(cwd, 'mine.ts'));
    const secret = useSecret(cwd);
    const worker = await startWorker(server, cwd, ALL, secret);
    const args = [...matrix(cwd), '--strategy', './mine.ts', '--executor', server.url, ...secret];
    const { code, stdout, stderr } = await start(args, cwd).end;
    expect([code, stdout]).toEqual([2, '']);
    const reason = 'strategy ./mine.ts: is none of those that this worker was started with';
    expect(stderr).toMatch(
      /^s2bench: worker \S+:\d+ refuses: strategy [^\n]+\ns2bench: --executor \S+: no worker can run this; \S+:\d+: [^\n]+\n$/,
    );
    expect(stderr.split(reason)).toHaveLength(3);
    worker.child.kill('SIGTERM');
    expect((await worker.end).stderr).toMatch(
      /^s2bench: refuses run .*: strategy .\/mine.ts: is none of those that this worker was started with.*$/m,
    );
    expect(worker.begun()).toBe(0);
  });

  it('of a path are run by a worker that was started with it', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    copyFileSync(strategyPath('quiet'), join(cwd, 'mine.ts'));
    const secret = useSecret(cwd);
    await startWorker(server, cwd, ALL, ['--allow', 'baseline,./mine.ts', ...secret]);
    const args = [...matrix(cwd), '--strategy', './mine.ts'];
    const alone = await start(args, cwd).end;
    const { code, stdout } = await start([...args, '--executor', server.url, ...secret], cwd).end;
    expect([code, stdout]).toEqual([0, alone.stdout]);
  });

  it('of a stranger are not run, and a refusal says nothing of the worker', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    copyFileSync(strategyPath('quiet'), join(cwd, 'mine.ts'));
    const args = [...matrix(cwd), '--strategy', './mine.ts', '--executor', server.url];
    const open = await startWorker(server, cwd);
    const refused = await start(args, cwd).end;
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toMatch(/mine|version|file or folder|started with/);
    open.child.kill('SIGTERM');
    await open.end;

    // One that knows a secret is not even seen.
    const closed = await startWorker(server, cwd, ALL, ['--allow', './mine.ts', ...useSecret(cwd)]);
    const said = new Promise<string>((resolve) => {
      closed.child.stderr?.on('data', (text) => {
        if (String(text).includes('refuses run')) resolve(String(text));
      });
    });
    const unheard = start(args, cwd);
    await once(unheard.child.stderr as Readable, 'data');
    expect(await said).toContain('it does not bear the secret of --secret-file');
    expect((await server.keys()).filter((key) => key.includes('refusals'))).toEqual([]);
    unheard.child.kill('SIGINT');
    expect((await unheard.end).code).toBe(130);
    expect(closed.begun()).toBe(0);
  });

  it('are not believed from a stranger, be it a job or a result', async () => {
    const cwd = tempFolder();
    const server = await RedisServer.start();
    const secret = useSecret(cwd);
    const worker = await startWorker(server, cwd, 1, secret);
    const run = start([...matrix(cwd), '--executor', server.url, ...secret], cwd);
    await until(() => worker.begun() === 2);
    const [runKey = ''] = (await server.keys()).filter((key) => key.startsWith('s2bench:run:'));
    const connection = { host: '127.0.0.1', port: Number(new URL(server.url).port) };
    const queue = new Queue(`cells-${runKey.replace('s2bench:run:', '')}`, { connection, prefix: 's2bench' });
    onTestFinished(() => queue.close());
    // A job that it has not given, at the front of the queue.
    await queue.add('cell', { sealed: JSON.stringify({ cell: fakeCell() }) }, { jobId: 'forged', lifo: true });
    // Results of its own cells, whose time is a nanosecond.
    const forger = new BullWorker(
      queue.name,
      ({ data }) => {
        const { sealed } = data as { sealed: string };
        const { cell } = JSON.parse(sealed.slice(sealed.indexOf('{'))) as { cell: Cell };
        return Promise.resolve(JSON.stringify({ cell, status: 'ok', stages: {} }));
      },
      { connection, prefix: 's2bench' },
    );
    let forged = 0;
    forger.on('completed', () => forged++);
    await until(() => forged >= 2);
    await forger.close();
    worker.gate.letThrough(ALL);
    const { code, stdout } = await run.end;
    expect(code).toBe(0);
    expect(stdout).toBe(await embedded());
  });
});
