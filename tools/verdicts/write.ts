/**
 * `npm run verdicts`: writes reports/verdicts.md, out of what the commands that stand on it say: minutes on two cores. With names
 * of files it takes these instead: what the commands have printed, on whatever machine.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type VerifyDocument, verifyDocumentSchema } from '@s2bench/verify';
import { ROOT } from '../scratch-clone.ts';
import { COMMANDS, verdictsPage } from './page.ts';

/** The page's place. */
export const PAGE = join(ROOT, 'reports/verdicts.md');

const MOST_BYTES = 2 ** 30;

/** What a command prints. Its exit code says what the page says too. */
export function documentOf(command: string): VerifyDocument {
  const [program = '', ...args] = command.split(' ');
  const { stdout, stderr, error } = spawnSync('npx', [program, ...args, '--quiet'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  });
  if (error !== undefined) throw error;
  if (!stdout.startsWith('{')) throw new Error(`${command}: ${stderr.trim()}`);
  return verifyDocumentSchema.parse(JSON.parse(stdout));
}

if (process.argv[1] === import.meta.filename) {
  // npm changes to the root of the repository.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const files = process.argv.slice(2);
  const documents =
    files.length === 0
      ? COMMANDS.map(documentOf)
      : files.map((file) => verifyDocumentSchema.parse(JSON.parse(readFileSync(resolve(cwd, file), 'utf8'))));
  writeFileSync(PAGE, verdictsPage(documents));
}
