import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { fingerprintCode, fingerprintTool, journalKey } from './fingerprints.ts';

describe('journalKey', () => {
  const key = journalKey(fakeJob(0), 'tool', 'strategy');

  it('does not depend on the place in the matrix', () => {
    expect(journalKey(fakeJob(5), 'tool', 'strategy')).toBe(key);
  });

  it('depends on everything that a result depends on', () => {
    const job = fakeJob(0);
    const others = [
      journalKey(fakeJob(0, { seed: 2 }), 'tool', 'strategy'),
      journalKey({ ...job, stages: ['CREATE'] }, 'tool', 'strategy'),
      journalKey({ ...job, exact: true }, 'tool', 'strategy'),
      journalKey({ ...job, profile: { ...job.profile, summary: 'other' } }, 'tool', 'strategy'),
      journalKey(job, 'other tool', 'strategy'),
      journalKey(job, 'tool', 'other strategy'),
    ];
    expect(new Set([key, ...others]).size).toBe(7);
  });
});

describe('fingerprintCode', () => {
  it('changes with the code of a folder, not with its tests, its texts or what was built from it', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'src'));
    mkdirSync(join(folder, 'dist'));
    const write = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return fingerprintCode(folder);
    };
    const first = write('src/index.ts', 'one');
    expect(write('src/index.test.ts', 'x')).toBe(first);
    expect(write('README.md', 'x')).toBe(first);
    expect(write('dist/index.js', 'x')).toBe(first);
    expect(write('src/more.ts', '')).not.toBe(first);
    expect(write('src/index.ts', 'two')).not.toBe(first);
  });

  it('is of a file alone where a file is named', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.ts'), 'one');
    const first = fingerprintCode(join(folder, 'a.ts'));
    writeFileSync(join(folder, 'b.ts'), 'x');
    expect(fingerprintCode(join(folder, 'a.ts'))).toBe(first);
  });
});

describe('fingerprintTool', () => {
  it('is repeatable', () => {
    expect(fingerprintTool()).toBe(fingerprintTool());
    expect(fingerprintTool()).toMatch(/^[0-9a-f]{64}$/);
  });
});
