/** `npm run lint:test-time`: fails where a test file of the last `npm test` took more of the processor than it may. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scratch-clone.ts';
import { overBudget } from './budget.ts';

const TAKEN = '.results/test-time.json';

try {
  const takenMs = JSON.parse(readFileSync(join(ROOT, TAKEN), 'utf8')) as Record<string, number>;
  const over = overBudget(takenMs);
  for (const line of over) process.stderr.write(`${line}\n`);
  process.exitCode = over.length > 0 ? 1 : 0;
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${TAKEN}: cannot be read (${why}); run npm test first\n`);
  process.exitCode = 2;
}
