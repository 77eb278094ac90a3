import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { loadStrategy } from './load.ts';

const STRATEGY = `import { count } from './count.ts';
export default {
  name: 'remembers',
  summary: 'counts in another module',
  source: 'a test',
  contractVersion: 1,
  tablePre: () => count(),
};
`;

/** What the visitor of a strategy returns, that counts its calls in a module of its own. */
async function countOf(url: string, isFresh: boolean): Promise<unknown> {
  const strategy = await loadStrategy(url, { isFresh });
  return (strategy.tablePre as (() => unknown) | undefined)?.();
}

describe('a strategy that is loaded anew', () => {
  it('remembers nothing, nor do the modules that it is made of', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'count.ts'), 'let calls = 0;\nexport const count = (): number => ++calls;\n');
    writeFileSync(join(folder, 'mine.ts'), STRATEGY);
    const url = pathToFileURL(join(folder, 'mine.ts')).href;
    expect([await countOf(url, false), await countOf(url, false)]).toEqual([1, 2]);
    expect([await countOf(url, true), await countOf(url, true)]).toEqual([1, 1]);
    expect(await countOf(url, false)).toBe(3);
  });
});
