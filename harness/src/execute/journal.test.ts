import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeResult } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { openJournal } from './journal.ts';

const A = fakeResult({ vcpus: 1 });
const B = fakeResult({ vcpus: 2 });

describe('openJournal', () => {
  it('gives back what was kept, when it is resumed', () => {
    const path = join(tempFolder(), 'journal.ndjson');
    const journal = openJournal(path, false);
    journal.append('a', A);
    journal.append('b', B);
    expect([...openJournal(path, true).finished]).toEqual([
      ['a', A],
      ['b', B],
    ]);
  });

  it('ignores a last line that was cut off, and goes on after it', () => {
    const path = join(tempFolder(), 'journal.ndjson');
    openJournal(path, false).append('a', A);
    appendFileSync(path, JSON.stringify({ key: 'b', result: B }).slice(0, 50));
    const journal = openJournal(path, true);
    expect([...journal.finished.keys()]).toEqual(['a']);
    journal.append('b', B);
    expect([...openJournal(path, true).finished.keys()]).toEqual(['a', 'b']);
  });

  it('starts empty without resuming', () => {
    const path = join(tempFolder(), 'journal.ndjson');
    openJournal(path, false).append('a', A);
    expect(openJournal(path, false).finished.size).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it('leaves nothing behind: neither the file nor a folder made for it', () => {
    const folder = tempFolder();
    const journal = openJournal(join(folder, 'made', 'journal.ndjson'), false);
    journal.append('a', A);
    journal.remove();
    expect(existsSync(join(folder, 'made'))).toBe(false);
    expect(existsSync(folder)).toBe(true);
  });
});
