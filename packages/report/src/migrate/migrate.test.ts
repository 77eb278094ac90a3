import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../compare/compare.ts';
import { renderReport } from '../markdown/report.ts';
import { parseResultDocument } from '../parse.ts';
import { SCHEMA_VERSION } from '../schema.ts';
import type { CellResult, ResultDocument } from '../schema.ts';
import { READABLE_VERSIONS, migrate } from './migrate.ts';

/** What s2bench wrote when its schema was at a version. */
const [VERSION_1, VERSION_2, VERSION_3] = [1, 2, 3].map((version) =>
  readFileSync(new URL(`../../test/version-${String(version)}.json`, import.meta.url), 'utf8'),
) as [string, string, string];

/** Cells as today's schema has them, of those of a version before 4. */
function withoutPageSeconds(cells: readonly CellResult[]): readonly CellResult[] {
  return cells.map((result) => {
    const ADJUST = result.status === 'ok' ? result.stages['ADJUST'] : undefined;
    if (ADJUST === undefined) throw new Error('an old document without ADJUST');
    return {
      ...result,
      stages: { ADJUST: { ...ADJUST, invalidWindow: { ...ADJUST.invalidWindow, pageSeconds: null } } },
    };
  });
}

/** The same, of those of a version before 3. */
function withoutRetries(cells: readonly CellResult[]): readonly CellResult[] {
  return withoutPageSeconds(cells).map((result) => {
    const ADJUST = result.status === 'ok' ? result.stages['ADJUST'] : undefined;
    if (ADJUST === undefined) throw new Error('an old document without ADJUST');
    return { ...result, stages: { ADJUST: { ...ADJUST, faults: { ...ADJUST.faults, retried: null } } } };
  });
}

describe('documents of older versions', () => {
  it('have a way to the present one from each version that was', () => {
    expect(READABLE_VERSIONS).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1));
  });

  it('of version 1 are read, with nothing invented and nothing lost', () => {
    const old = JSON.parse(VERSION_1) as ResultDocument;
    const document = parseResultDocument(VERSION_1, 'results.json');
    expect(document).toEqual({
      ...old,
      schemaVersion: SCHEMA_VERSION,
      profiles: old.profiles.map((profile) => ({ ...profile, hash: null })),
      cells: withoutRetries(old.cells),
    });
  });

  it('of version 2 are read, with nothing invented and nothing lost', () => {
    const old = JSON.parse(VERSION_2) as ResultDocument;
    const document = parseResultDocument(VERSION_2, 'results.json');
    expect(document).toEqual({ ...old, schemaVersion: SCHEMA_VERSION, cells: withoutRetries(old.cells) });
  });

  it('of version 3 are read, with nothing invented and nothing lost', () => {
    const old = JSON.parse(VERSION_3) as ResultDocument;
    const document = parseResultDocument(VERSION_3, 'results.json');
    expect(document).toEqual({ ...old, schemaVersion: SCHEMA_VERSION, cells: withoutPageSeconds(old.cells) });
    expect(renderReport(document)).not.toMatch(/page-seconds \|/);
  });

  it('are rendered and compared without what they do not say', () => {
    const document = parseResultDocument(VERSION_2, 'results.json');
    const named = { name: 'old', document };
    expect(renderReport(document)).not.toMatch(/\| retried \|/);
    const today = parseResultDocument(
      VERSION_2.replace('"schemaVersion": 2', '"schemaVersion": 3').replaceAll(
        /("spurious": \d+)/g,
        '$1, "retried": 7',
      ),
      'new.json',
    );
    expect(renderReport(today)).toMatch(/\| retried \|/);
    expect(compareResults(named, { name: 'new', document: today }).changed).toEqual([]);
    const other = structuredClone(today);
    for (const result of other.cells)
      if (result.status === 'ok' && result.stages['ADJUST']) result.stages['ADJUST'].faults.retried = 8;
    const { changed } = compareResults({ name: 'new', document: today }, { name: 'other', document: other });
    expect(changed.map(({ metrics }) => metrics.map(({ metric, from, to }) => [metric.name, from, to]))).toEqual([
      [['faults.retried', 7, 8]],
      [['faults.retried', 7, 8]],
    ]);
  });

  it('that are broken are refused by the field, as new ones are', () => {
    const read = (text: string, change: object): unknown =>
      parseResultDocument(JSON.stringify({ ...(JSON.parse(text) as object), ...change }), 'old.json');
    expect(() => read(VERSION_1, { profiles: 7 })).toThrow(/^old\.json: profiles: /);
    expect(() => read(VERSION_1, { profiles: [7] })).toThrow(/^old\.json: profiles\.0: /);
    expect(() => read(VERSION_1, { cells: undefined })).toThrow(/^old\.json: cells: /);
    expect(() => read(VERSION_2, { cells: [7] })).toThrow(/^old\.json: cells\.0: /);
    const [cell] = (JSON.parse(VERSION_2) as { cells: object[] }).cells;
    expect(() => read(VERSION_2, { cells: [{ ...cell, stages: 7 }] })).toThrow(/^old\.json: cells\.0\.stages: /);
    expect(() => read(VERSION_2, { cells: [{ ...cell, stages: { ADJUST: { faults: [] } } }] })).toThrow(
      /^old\.json: cells\.0\.stages\.ADJUST\./,
    );
  });

  it('leave the present version as it is', () => {
    const document = { schemaVersion: SCHEMA_VERSION, anything: 1 };
    expect(migrate(document, SCHEMA_VERSION)).toBe(document);
  });
});
