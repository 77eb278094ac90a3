/**
 * `npm run prepack`: copies the strategies' sources into the package, as published strategies bring none. Each is
 * adapted once, so that a package is not published whose `--from` fails.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adaptStart } from './src/adapt-start.ts';
import { readStart, startNames } from './src/starts.ts';

const target = fileURLToPath(new URL('starts', import.meta.url));
rmSync(target, { recursive: true, force: true });
for (const name of startNames()) {
  const start = readStart(name);
  adaptStart(start, 'a-new-one');
  for (const [path, text] of start.files) {
    const file = join(target, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
