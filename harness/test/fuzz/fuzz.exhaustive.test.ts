import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const FUZZER = fileURLToPath(new URL('./run.ts', import.meta.url));

/** The same every time; `npm run test:fuzz` tries more, and others. */
const PART = ['--seed', '1', '--lines', '80', '--documents', '160', '--processes', '4', '--kills', '2'];

it('breaks no promise, whatever is written on the command line and into files', () => {
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=@s2bench/source', FUZZER, ...PART], {
    encoding: 'utf8',
  });
  expect(stdout).toContain('160 documents, 0 broken promises');
  expect(stdout).toContain('2 kills, 0 with other bytes');
  expect(status).toBe(0);
});
