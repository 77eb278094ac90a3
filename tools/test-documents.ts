/**
 * `npm run test:docs`: what documents tell readers to type is run in scratch clones, TypeScript that they show is
 * type-checked and loaded, output that they show is compared. `documents/documents.json` says what is not, and why.
 * Names of documents after `--` run those alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exceptionOf, exceptionsSchema, lostFiles, staleOrMissing } from './documents/exceptions.ts';
import { readProgram, unknownIn } from './documents/mentions.ts';
import { piecesOf } from './documents/pieces.ts';
import { DocumentRun, type Step } from './documents/run-document.ts';
import { ROOT } from './scratch-clone.ts';

/** What tools write, and what is compared as data. */
const GENERATED = /^reports\/|\.snapshot\.md$/;

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !GENERATED.test(path));
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !documents.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`${unknown}: no document of that name; there are ${documents.join(', ')}\n`);
  process.exit(2);
}

const pieces = documents.flatMap((path) => piecesOf(path, readFileSync(join(ROOT, path), 'utf8')));
const list = readFileSync(join(import.meta.dirname, 'documents', 'documents.json'), 'utf8');
const exceptions = exceptionsSchema.parse(JSON.parse(list));
const program = readProgram(ROOT);
const faults = [
  ...staleOrMissing(exceptions, pieces),
  ...lostFiles(exceptions, (path) => existsSync(join(ROOT, path))),
  ...pieces
    .filter((piece) => piece.kind === 'mention' && exceptionOf(exceptions, piece) === undefined)
    .map((piece) => unknownIn(piece, program))
    .filter((fault) => fault !== undefined),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);

const counts = { run: 0, wrong: faults.length };
for (const document of asked.length > 0 ? asked : documents) {
  const isTried = pieces.some(
    (piece) => piece.document === document && (piece.kind === 'command' || piece.kind === 'source'),
  );
  if (isTried) await new DocumentRun(document, pieces, exceptions, report).run();
}
process.stdout.write(
  `${counts.run} run, ${exceptions.exceptions.length} listed with a reason, ${counts.wrong} wrong\n`,
);
process.exitCode = counts.wrong === 0 ? 0 : 1;

function report({ place, code, seconds, fault }: Step): void {
  counts.run++;
  process.stdout.write(`${`${seconds.toFixed(1)} s`.padStart(8)}  ${place}: ${code}\n`);
  if (fault === undefined) return;
  counts.wrong++;
  process.stderr.write(`${place}: ${code}\n${fault.trimEnd().replaceAll(/^/gm, '    ')}\n`);
}
