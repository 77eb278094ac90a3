import { afterEach, describe, expect, it, vi } from 'vitest';
import { runInThread } from './thread.ts';

const WORKER = new URL('../../test/fixtures/thread-worker.ts', import.meta.url);

async function run(act: string): Promise<{ readonly heard: string[]; readonly problem: string | undefined }> {
  const heard: string[] = [];
  const hear = async (said: string): Promise<void> => {
    // Slower than it is said.
    await new Promise(setImmediate);
    heard.push(said);
  };
  return { problem: await runInThread<string>(WORKER, { act }, { hear }), heard };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('runInThread', () => {
  it.each([
    ['loops', 'too late'],
    ['waits', 'too late'],
    ['exits', 'its worker ended before it was done; a module must not call process.exit'],
    ['throws', 'its worker ended: not today\uFFFD[2J'],
    ['throws later', 'its worker ended: later'],
  ])('says in one line what becomes of code that %s', async (act, problem) => {
    expect(await run(act)).toEqual({ heard: ['first'], problem });
  });

  it('ends code that fills the memory before the machine has none', async () => {
    vi.stubEnv('S2BENCH_MAX_MEMORY_MIB', String(Math.ceil(process.memoryUsage.rss() / 2 ** 20) + 200));
    const { problem } = await run('hoards');
    expect(problem).toMatch(
      /^stopped: the memory of the program came to [\d.]+ GiB, of [\d.]+ GiB that it may take; its /,
    );
  });

  it('refuses a bound that is no number', async () => {
    vi.stubEnv('S2BENCH_MAX_MEMORY_MIB', '2G');
    await expect(run('behaves')).rejects.toThrow('S2BENCH_MAX_MEMORY_MIB=2G: not a number of MiB');
  });

  it.each(['behaves', 'forges', 'runs on'])(
    'hears all that ours says, and nothing else, of code that %s',
    async (act) => {
      expect(await run(act)).toEqual({ heard: ['first', 'last'], problem: undefined });
    },
  );

  it('ends with what the listener throws', async () => {
    const hear = (): never => {
      throw new Error('heard enough');
    };
    await expect(runInThread<string>(WORKER, { act: 'loops' }, { hear })).rejects.toThrow('heard enough');
  });
});
