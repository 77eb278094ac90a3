import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROTOCOL_VERSION, runKey, RUNS_KEY } from '../src/execute/redis/protocol.ts';
import { type ProgramEnd, runProgram, useFakeProfile } from './fixtures/program.ts';
import { NO_REDIS, RedisServer } from './fixtures/redis.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** A program that runs, and what it says. */
class Running {
  readonly child: ChildProcess;
  readonly end: Promise<ProgramEnd>;

  constructor(args: string[]) {
    let child: ChildProcess | undefined;
    const cwd = tempFolder();
    this.end = runProgram([...args, ...(args[0] === 'worker' ? [] : [...useFakeProfile(cwd), '--vcpus', '1,2'])], {
      cwd,
      fake: true,
      onStart: (started) => (child = started),
    });
    if (child === undefined) throw new Error('not started');
    this.child = child;
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.end;
    });
  }

  /** Comes back when it has said something of the kind. */
  async says(what: RegExp): Promise<void> {
    let said = '';
    const heard = Promise.withResolvers<undefined>();
    const stderr = this.child.stderr as Readable;
    const listen = (text: string): void => {
      said += text;
      if (what.test(said)) heard.resolve(undefined);
    };
    stderr.on('data', listen);
    await Promise.race([heard.promise, this.end.then(({ stderr: all }) => Promise.reject(new Error(all)))]);
    stderr.off('data', listen);
  }

  /** Presses Ctrl-C once: the test's time is the limit of what follows. */
  async stop(): Promise<ProgramEnd> {
    this.child.kill('SIGINT');
    return this.end;
  }
}

const run = (server: RedisServer): Running =>
  new Running(['--strategy', 'baseline', '--json', '--executor', server.url]);
const work = (server: RedisServer): Running => new Running(['worker', '--redis', server.url]);

/** A server that has no memory for anything, as one that is full. */
const fullServer = (): Promise<RedisServer> =>
  RedisServer.start('--maxmemory', '1', '--maxmemory-policy', 'noeviction');

describe.skipIf(NO_REDIS)('a Redis server that', () => {
  it('refuses writes is told of by a run, which ends with Ctrl-C', { timeout: 30_000 }, async () => {
    const running = run(await fullServer());
    await running.says(/Redis refuses what it is asked \(OOM .*\); trying on\n/);
    expect(await running.stop()).toMatchObject({ code: 130, stdout: '' });
  });

  it('refuses writes takes no worker down, whatever it has to refuse', { timeout: 30_000 }, async () => {
    const server = await RedisServer.start();
    const client = server.client();
    onTestFinished(() => client.disconnect());
    const running = work(server);
    await running.says(/waits for runs/);
    const announce = async (id: string, text: string): Promise<void> => {
      await client.sadd(RUNS_KEY, id);
      await client.set(runKey(id), text);
    };
    for (const [id, text] of [
      ['', ''],
      ['../:*', '{}'],
      ['no-json', '{'],
      ['deep', '['.repeat(100_000)],
      ['other', JSON.stringify({ protocol: PROTOCOL_VERSION, id: 'other', profiles: [null], strategies: 7 })],
    ] as const)
      await announce(id, text);
    await client.hset(runKey('of-another-kind'), 'field', '');
    await client.sadd(RUNS_KEY, 'of-another-kind');
    await client.config('SET', 'maxmemory', '1');
    await running.says(/refuses run /);
    expect(running.child.exitCode).toBeNull();
    expect((await running.stop()).code).toBe(130);
  });

  it('is stopped is told of by runs and workers, which end with Ctrl-C', { timeout: 40_000 }, async () => {
    await expectEnds((server) => {
      server.freeze();
      return Promise.resolve();
    });
  });

  it('goes is told of by runs and workers, which end with Ctrl-C', { timeout: 40_000 }, async () => {
    await expectEnds((server) => server.down());
  });
});

/** A run, and a worker with a server of its own, else it would work for the run. */
async function expectEnds(lose: (server: RedisServer) => Promise<void>): Promise<void> {
  const ends = [
    { start: run, ready: /waiting for a worker/ },
    { start: work, ready: /waits for runs/ },
  ].map(async ({ start, ready }) => {
    const server = await RedisServer.start();
    const running = start(server);
    await running.says(ready);
    await lose(server);
    await running.says(/Redis does not answer; waiting for it/);
    return (await running.stop()).code;
  });
  expect(await Promise.all(ends)).toEqual([130, 130]);
}
