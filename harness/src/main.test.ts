import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EXIT, UsageError } from './cli/errors.ts';
import { reportError } from './main.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The exit code of an error, and what is printed for it. */
function report(error: unknown): { code: number; stderr: string } {
  let stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  return { code: reportError(error), stderr };
}

describe('reportError', () => {
  it('says in one line what the user can put right', () => {
    expect(report(new UsageError('--vcpus 0:\n  no'))).toEqual({
      code: EXIT.usage,
      stderr: 's2bench: --vcpus 0: no\n',
    });
  });

  it('brings a message of commander into that form', () => {
    const error = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--a'\n(Did you mean --b?)");
    expect(report(error)).toEqual({ code: EXIT.usage, stderr: "s2bench: unknown option '--a'; did you mean --b?\n" });
  });

  it('says of an option for what is not modelled that it is not', () => {
    const error = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--overcommit'");
    expect(report(error).stderr).toMatch(
      /^s2bench: unknown option '--overcommit'; where vCPUs run is not modelled: [^\n]+\n$/,
    );
  });

  it('says nothing of help and version', () => {
    expect(report(new CommanderError(0, 'commander.version', '1'))).toEqual({ code: EXIT.ok, stderr: '' });
  });

  it('calls what the system refuses no bug, and names the path', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
      path: '/a/b',
    });
    expect(report(full)).toEqual({
      code: EXIT.usage,
      stderr: 's2bench: /a/b: ENOSPC: no space left on device, write\n',
    });
    const large = Object.assign(new Error('File size (3 GiB) is too large'), { code: 'ERR_FS_FILE_TOO_LARGE' });
    expect(report(large).code).toBe(EXIT.usage);
    expect(report(Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' })).code).toBe(EXIT.bug);
  });

  it('calls everything else a bug, with its stack only when asked', () => {
    const bug = new Error('an invariant is broken');
    const { code, stderr } = report(bug);
    expect(code).toBe(EXIT.bug);
    expect(stderr).toBe(
      's2bench: this is a bug in s2bench, please report it: an invariant is broken (S2BENCH_DEBUG=1 shows where)\n',
    );
    vi.stubEnv('S2BENCH_DEBUG', '1');
    expect(report(bug).stderr).toContain('main.test.ts');
  });
});
