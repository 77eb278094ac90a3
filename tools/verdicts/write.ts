/**
 * `npm run verdicts`: writes reports/verdicts.md, out of what the commands that stand on it say: minutes on two cores. With names
 * of parts it writes these alone; `NAME=FILE,FILE` takes files instead: what the commands of a part have printed, on whatever machine.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type VerifyDocument, verifyDocumentSchema } from '@s2bench/verify';
import { ROOT } from '../scratch-clone.ts';
import { PART_NAMES, type PartDocuments, type PartName, PARTS, verdictsPage } from './page.ts';

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

/** What the commands of a part say, or have said into files. */
export function documentsOf(name: PartName, files?: readonly string[]): VerifyDocument[] {
  if (files === undefined) return PARTS[name].commands.map(documentOf);
  return files.map((file) => verifyDocumentSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
}

if (process.argv[1] === import.meta.filename) {
  // npm changes to the root of the repository.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const args = process.argv.slice(2);
  const parts: PartDocuments = Object.fromEntries(
    (args.length === 0 ? PART_NAMES : args).map((arg) => {
      const [text = '', files] = arg.split('=');
      const name = PART_NAMES.find((part) => part === text);
      if (name === undefined) throw new Error(`verdicts ${arg}: no such part; there are ${PART_NAMES.join(', ')}`);
      return [
        name,
        documentsOf(
          name,
          files?.split(',').map((file) => resolve(cwd, file)),
        ),
      ];
    }),
  );
  writeFileSync(PAGE, verdictsPage(parts, args.length === 0 ? '' : readFileSync(PAGE, 'utf8')));
}
