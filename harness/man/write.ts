/** `npm run man`: writes the man page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProgram } from '../src/command-line.ts';
import { manPage } from './man-page.ts';

writeFileSync(join(import.meta.dirname, 's2bench.1'), manPage(makeProgram()));
