/** The reports that are committed: each follows the present schema, and is what its results give. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultDocumentSchema } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { indexText, publishedFiles, readHistory, reportNames, resultPath } from '../src/report/reports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ADVICE = 'npx s2bench publish writes it anew';

function textOf(path: string): string | undefined {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;
}

describe('published reports', () => {
  const names = reportNames(ROOT);

  it('are there, and listed', () => {
    expect(names).toContain('thread-2021');
    expect(textOf('reports/README.md') === indexText(ROOT), `reports/README.md: ${ADVICE}`).toBe(true);
  });

  it.each(names)('%s follows the schema, without migration', (name) => {
    const json: unknown = JSON.parse(textOf(resultPath(name)) ?? '');
    expect(resultDocumentSchema.safeParse(json).error?.issues, ADVICE).toBeUndefined();
  });

  it('fill every field of a document, but for shards and where it was made', () => {
    const filled = names.flatMap((name) => Object.keys(JSON.parse(textOf(resultPath(name)) ?? '{}') as object));
    const empty = Object.keys(resultDocumentSchema.shape).filter((field) => !filled.includes(field));
    expect(empty).toEqual(['shard', 'environment']);
  });

  it.each(names)('%s is what its results and its history give', (name) => {
    const document = resultDocumentSchema.parse(JSON.parse(textOf(resultPath(name)) ?? ''));
    const stale = [...publishedFiles(name, document, readHistory(name, ROOT))].filter(
      ([file, text]) => textOf(`reports/${name}/${file}`) !== text,
    );
    expect(
      stale.map(([file]) => file),
      ADVICE,
    ).toEqual([]);
  });
});
