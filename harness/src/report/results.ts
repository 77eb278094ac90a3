/** Result documents as files: those that the user names, and those that a result is written to. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  parseResultDocument,
  renderChart,
  renderPictures,
  proofPictures,
  renderProofPage,
  renderLetter,
  renderReport,
  type ResultDocument,
  ResultDocumentError,
  isSealBroken,
  sealed,
} from '@s2bench/report';
import { printableJson } from '@s2bench/report/printable';
import { PRESETS } from '@s2bench/studies';
import { UsageError } from '../cli/errors.ts';
import { onDisk, readText } from '../cli/files.ts';
import { say } from '../cli/terminal.ts';
import { formatShard, shardFile } from '../options/values.ts';

/** The document of a report, in its folder. */
export const RESULT_FILE = 'results.json';

const ADVICE = 'name a result file or the folder of a report';

/**
 * Reads a document.
 *
 * @param spec - a file, a folder with results.json in it, or `-` for stdin
 * @throws UsageError of one line that names it
 */
export function readResult(spec: string, cwd: string): ResultDocument {
  if (spec === '') throw new UsageError('an empty name; name a result file or the folder of a report');
  return parseResult(
    spec === '-' ? readText(0, 'stdin', ADVICE) : readFileOrFolder(spec, cwd),
    spec === '-' ? 'stdin' : spec,
  );
}

/**
 * Reads a document from its text.
 *
 * @param name - for messages
 * @throws UsageError
 */
export function parseResult(text: string, name: string): ResultDocument {
  try {
    const document = parseResultDocument(text, name);
    if (isSealBroken(JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>))
      say(`${name}: warning: its hash does not fit: it was changed since s2bench wrote it`);
    return document;
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function readFileOrFolder(spec: string, cwd: string): string {
  const path = resolve(cwd, spec);
  const stat = onDisk(spec, 'cannot be read', () => statSync(path, { throwIfNoEntry: false }));
  return readText(stat?.isDirectory() === true ? join(path, RESULT_FILE) : path, spec, ADVICE);
}

const CHART_FILE = 'chart.svg';

/** Name to content of the files that a document is published as: a report, or what `s2bench merge` makes it of. */
export function reportFiles(document: ResultDocument): Map<string, string> {
  if (document.shard !== undefined) return new Map([[shardFile(document.shard), documentText(document)]]);
  const pictures = renderPictures(document);
  const { letter, seeAlso = [] } = PRESETS.find(({ name }) => name === document.preset) ?? {};
  const others = PRESETS.filter(({ name }) => seeAlso.includes(name));
  return new Map([
    ['README.md', renderReport(document, { chartFile: CHART_FILE, pictures, others })],
    [CHART_FILE, renderChart(document)],
    ...pictures.map(({ file, svg }) => [file, svg] as const),
    ['results.json', documentText(document)],
    ...(letter === undefined ? [] : [['letter.txt', renderLetter(document, letter)] as const]),
    ...(document.counterexamples ?? []).flatMap((page) => [
      [page.file, renderProofPage(page)] as const,
      ...proofPictures(page),
    ]),
  ]);
}

/** A document as text: what `--json` prints and `results.json` holds. */
export function documentText(document: ResultDocument): string {
  return `${printableJson(sealed(document), 2)}\n`;
}

/**
 * Refuses a part of a matrix where a whole is wanted.
 *
 * @throws UsageError
 */
export function requireWhole(file: string, { shard }: ResultDocument): void {
  if (shard === undefined) return;
  throw new UsageError(
    `${file}: is shard ${formatShard(shard)} of a result; put all of them together first, with "s2bench merge"`,
  );
}
