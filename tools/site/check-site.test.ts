import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../scratch-clone.ts';
import { checkSite, type SiteCheck } from './check-site.ts';
import { entriesOf } from './entries.ts';

function check(files: Readonly<Record<string, string>>): SiteCheck {
  const folder = mkdtempSync(join(tmpdir(), 's2bench-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return checkSite(folder, (name) => readFileSync(join(folder, name), 'utf8'));
}

const GOOD = {
  'index.html':
    '<h1>One</h1><a href="deep/two.html#there">two</a><a href="#here">here</a><p id="here"><img src="a%20b.svg">',
  'deep/two.html':
    '<h1>Two</h1><p id="there"><a href="../index.html">one</a><a href="https://example.org/x">elsewhere</a>',
  'a b.svg': '<svg/>',
};

describe('a folder of pages', () => {
  it('is good where all links lead somewhere', () => {
    expect(check(GOOD)).toMatchObject({ pages: 2, links: 4, problems: [] });
  });

  it.each([
    [
      'a page that is gone',
      { 'deep/two.html': '<h1>Two</h1><p id="there"><a href="../three.html">' },
      'there is no three.html',
    ],
    ['a folder', { 'deep/two.html': '<h1>Two</h1><p id="there"><a href="../deep">' }, 'there is no deep'],
    ['an anchor of another page', { 'deep/two.html': '<h1>Two</h1>' }, 'deep/two.html has no #there'],
    ['an anchor of its own', { 'deep/two.html': '<h1>Two</h1><p id="there"><a href="#no">' }, 'it has no #no'],
    ['a picture', { 'deep/two.html': '<h1>Two</h1><p id="there"><img src="c.svg">' }, 'there is no deep/c.svg'],
    ['no heading', { 'deep/two.html': '<p id="there">' }, '0 headings of the first level, where one is wanted'],
    ['two headings', { 'deep/two.html': '<h1 id="there">A</h1><h1>B</h1>' }, '2 headings of the first level'],
  ])('is not with %s', (_, changed, problem) => {
    const { problems } = check({ ...GOOD, ...changed });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('the public modules', () => {
  it('are what the manifests export, each with the name that it is imported by', () => {
    const entries = entriesOf(ROOT);
    expect(entries.get(join(ROOT, 'packages/core/src/stage2/index.ts'))).toEqual({ specifier: '@s2bench/core/stage2' });
    expect(entries.get(join(ROOT, 'packages/core/src/index.ts'))).toEqual({
      specifier: '@s2bench/core',
      readme: join(ROOT, 'packages/core/README.md'),
    });
  });
});

describe('the list of decisions', () => {
  it('has each of them, by its title', () => {
    const list = readFileSync(join(ROOT, 'docs/decisions/README.md'), 'utf8');
    const titles = [...list.matchAll(/^(\d+)\. \[(.*)\]\((0.*\.md)\)$/gm)].map(([, number, title, file]) => [
      file,
      `# ${number}. ${title}`,
    ]);
    const files = readdirSync(join(ROOT, 'docs/decisions')).filter((name) => name !== 'README.md');
    expect(titles.map(([file]) => file)).toEqual(files.sort());
    for (const [file = '', heading] of titles)
      expect(readFileSync(join(ROOT, 'docs/decisions', file), 'utf8').split('\n')[0]).toBe(heading);
  });
});
