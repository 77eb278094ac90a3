import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeResult } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { openJournal } from './journal-file.ts';

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
    appendFileSync(path, readFileSync(path, 'utf8').slice(0, 90));
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

  it('leaves nothing behind', () => {
    const folder = tempFolder();
    const journal = openJournal(join(folder, 'journal.ndjson'), false);
    journal.append('a', A);
    journal.remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes results back', () => {
    const path = join(tempFolder(), 'journal.ndjson');
    const journal = openJournal(path, false);
    for (const key of ['a', 'b', 'c']) journal.append(key, A);
    journal.drop(['a', 'c', 'd']);
    expect([...openJournal(path, true).finished.keys()]).toEqual(['b']);
    journal.drop(['b']);
    expect(existsSync(path)).toBe(false);
  });

  it('gives back nothing that was not kept, whatever has happened to the file', () => {
    const folder = tempFolder();
    const path = join(folder, 'journal.ndjson');
    const results = new Map(Array.from({ length: 5 }, (_, nth) => [`key ${nth}`, fakeResult({ vcpus: nth + 1 })]));
    fc.assert(
      fc.property(damages, (damage) => {
        const journal = openJournal(path, false);
        for (const [key, result] of results) journal.append(key, result);
        const before = readFileSync(path);
        const after = damage(before);
        writeFileSync(path, after);
        const { finished } = openJournal(path, true);
        for (const [key, result] of finished) expect(result).toEqual(results.get(key));
        if (after.equals(before)) expect(finished.size).toBe(results.size);
        // What was read is what stays, and nothing else lies about.
        expect(openJournal(path, true).finished).toEqual(finished);
        expect(readdirSync(folder)).toEqual(finished.size === 0 ? [] : ['journal.ndjson']);
      }),
      { numRuns: 60 },
    );
  });
});

type Damage = (file: Buffer) => Buffer;

/** What disks, cuts and hands do to a file. */
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ at: fc.nat(), byte: fc.nat(255) }).map(({ at, byte }): Damage => (file) => {
    const copy = Buffer.from(file);
    copy[at % file.length] = byte;
    return copy;
  }),
  fc.nat().map(
    (at): Damage =>
      (file) =>
        file.subarray(0, at % file.length),
  ),
  fc.record({ at: fc.nat(), length: fc.nat(400) }).map(
    ({ at, length }): Damage =>
      (file) =>
        Buffer.concat([file.subarray(0, at % file.length), file.subarray((at % file.length) + length)]),
  ),
  // A digit of a number by another: still JSON, still of the schema.
  fc.record({ nth: fc.nat(), digit: fc.nat(9) }).map(({ nth, digit }): Damage => (file) => {
    const text = file.toString();
    const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
    const at = places[nth % places.length] ?? 0;
    return Buffer.from(`${text.slice(0, at)}${digit}${text.slice(at + 1)}`);
  }),
  // The key of one line before the result of another.
  fc.tuple(fc.nat(4), fc.nat(4)).map(
    ([from, to]): Damage =>
      (file) =>
        Buffer.from(file.toString().replaceAll(`key ${from}`, `key ${to}`)),
  ),
  fc.tuple(fc.nat(4), fc.nat(4)).map(([one, other]): Damage => (file) => {
    const lines = file.toString().split('\n');
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
    return Buffer.from(lines.join('\n'));
  }),
);
