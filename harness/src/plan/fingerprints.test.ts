import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { spanHooks } from '../plugins/hooks.ts';
import { locationOf } from '../plugins/locate.ts';
import { fingerprintCode, fingerprintStrategy, fingerprintTool, journalKey } from './fingerprints.ts';

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

describe('fingerprintStrategy', () => {
  const of = (path: string): string => fingerprintStrategy(locationOf(path, '', ''));

  it('is of the hooks beside it too', () => {
    const folder = tempFolder();
    for (const name of ['mine.js', 'hook.js']) writeFileSync(join(folder, name), 'one');
    const [mine, hook] = ['mine.js', 'hook.js'].map((name) => locationOf(join(folder, name), '', ''));
    if (mine === undefined || hook === undefined) throw new Error('nothing was located');
    const beside = (): string => spanHooks([mine], [undefined], [hook]).map(fingerprintStrategy).join();
    const before = beside();
    expect(before).not.toBe(fingerprintStrategy(mine));
    writeFileSync(join(folder, 'hook.js'), 'two');
    expect(beside()).not.toBe(before);
  });

  it('follows what is imported, however it is, and nothing else', () => {
    const folder = tempFolder();
    const write = (name: string, content: string): string => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
      return of(join(folder, 'mine.ts'));
    };
    writeFileSync(join(folder, 'mine.ts'), '');
    write('b.ts', "export * from './c.ts';");
    write('c.ts', "import data from './d.json' with { type: 'json' }; export const c: unknown = data;");
    write('d.json', '1');
    write('e.mjs', '');
    write('node_modules/lib/package.json', '{"dependencies": {"deep": "1"}, "main": "index.js"}');
    write('node_modules/lib/index.js', '');
    write('node_modules/deep/package.json', '{"main": "index.js"}');
    let last = write(
      'mine.ts',
      "import { c } from './b.ts'; import 'lib'; export default c; void import('./e.mjs'); import './gone.ts';",
    );
    expect(write('unrelated.ts', '1')).toBe(last);
    expect(write('b.test.ts', '1')).toBe(last);
    for (const name of [
      'b.ts',
      'c.ts',
      'd.json',
      'e.mjs',
      'gone.ts',
      'node_modules/lib/more.js',
      'node_modules/deep/a.js',
    ]) {
      const next = write(name, `${existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : ''} `);
      expect(next, name).not.toBe(last);
      last = next;
    }
  });

  it.each([
    "import{a}from'./b.js'",
    "export * as b from './b.js';",
    "import /* and why */ './b.js' with { type: 'json' };",
    "import {\n  // what is needed\n  b,\n} from // of it\n './b.js';",
    "const b = require( './b.js' );",
    "const b = await import(\n/* later */ './b.js');",
    "import type { B } from './b.js';",
  ])('follows %j', (text) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a.ts'), text);
    writeFileSync(join(folder, 'b.js'), '1');
    const before = of(join(folder, 'a.ts'));
    writeFileSync(join(folder, 'b.js'), '2');
    expect(of(join(folder, 'a.ts'))).not.toBe(before);
  });

  it('is not lost in comments', () => {
    const path = join(tempFolder(), 'a.ts');
    writeFileSync(
      path,
      `// taken from './', or from 'file://%', from 'file://host/a', from ${'/**/ '.repeat(1000)}nowhere`,
    );
    expect(of(path)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same wherever the files lie, and also where one cannot be parsed or imports itself', () => {
    const [here, there] = [tempFolder(), tempFolder()];
    for (const folder of [here, there]) {
      writeFileSync(join(folder, 'a.ts'), "import './b.ts';");
      writeFileSync(join(folder, 'b.ts'), "import './a.ts'; import './c.ts';");
      writeFileSync(join(folder, 'c.ts'), 'no code {');
    }
    expect(of(join(here, 'a.ts'))).toBe(of(join(there, 'a.ts')));
  });
});

describe('fingerprintTool', () => {
  it('is repeatable', () => {
    expect(fingerprintTool()).toBe(fingerprintTool());
    expect(fingerprintTool()).toMatch(/^[0-9a-f]{64}$/);
  });
});
