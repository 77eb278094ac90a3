/** Puts the documents of several runs into one report. */
import { isDeepStrictEqual } from 'node:util';
import { describeIn, DIMENSIONS } from '../cells.ts';
import type { NamedDocument } from '../compare/names.ts';
import { ResultDocumentError } from '../parse.ts';
import type { CellResult, Comparison, ProofPage, ResultDocument } from '../schema.ts';

/**
 * One document of all the cells of several. They must have been made by one version of s2bench, on the same profiles and
 * with the same strategies, kernel models and workloads where they bear one name: a table of two machines under one name would lie.
 *
 * @param documents - one at least; a single one stays as it is, without where it was made
 * @throws ResultDocumentError that names the document which does not fit, or is not finished
 */
export function collectResults(documents: readonly NamedDocument[]): ResultDocument {
  for (const named of documents) requireFinished(named);
  const [first, ...others] = documents;
  if (first === undefined) throw new RangeError('there are no documents');
  // Where it was made is nothing that a report says: it would be another one on each machine.
  if (others.length === 0) return withoutEnvironment(first.document);
  requireOneVersion(first, others);
  const comparisons = comparisonsOf(documents);
  const counterexamples = pagesOf(documents);
  const kernels = namedOnce(documents, 'kernel model', (document) => document.kernels ?? []);
  const workloads = namedOnce(documents, 'workload', (document) => document.workloads ?? []);
  const variants = namedOnce(documents, 'variant', (document) => document.variants ?? []);
  const remarks = [...new Set(documents.flatMap(({ document }) => document.remarks ?? []))];
  const { schemaVersion, tool, title } = first.document;
  return {
    schemaVersion,
    tool,
    // One a line, as a report shows them.
    command: [...new Set(documents.map(({ document }) => document.command))].join('\n'),
    ...(title !== undefined && { title }),
    ...(comparisons.length > 0 && { comparisons: [...comparisons] }),
    ...(variants.length > 0 && { variants }),
    ...(remarks.length > 0 && { remarks }),
    strategies: namedOnce(documents, 'strategy', ({ strategies }) => strategies),
    ...(kernels.length > 0 && { kernels }),
    ...(workloads.length > 0 && { workloads }),
    profiles: namedOnce(documents, 'profile', ({ profiles }) => profiles),
    cells: cellsOf(documents),
    ...(counterexamples.length > 0 && { counterexamples }),
  };
}

/**
 * What the verdicts of several documents link to: each page once, by its name.
 *
 * @throws ResultDocumentError where two of them have one name and are not the same
 */
export function pagesOf(documents: readonly NamedDocument[]): ProofPage[] {
  const pages = new Map<string, { readonly page: ProofPage; readonly where: string }>();
  for (const { name: where, document } of documents) {
    for (const page of document.counterexamples ?? []) {
      const before = pages.get(page.file);
      if (before === undefined) pages.set(page.file, { page, where });
      else if (!isDeepStrictEqual(before.page, page))
        throw new ResultDocumentError(`${where}: ${page.file} is not the one of ${before.where}; run both again`);
    }
  }
  return [...pages.values()].map(({ page }) => page).sort((a, b) => (a.file < b.file ? -1 : 1));
}

function withoutEnvironment({ environment: _, ...document }: ResultDocument): ResultDocument {
  return document;
}

function requireFinished({ name, document }: NamedDocument): void {
  const { cells, shard } = document;
  if (shard !== undefined)
    throw new ResultDocumentError(`${name}: is a shard; put the shards together first, with s2bench merge`);
  const failed = cells.find((result) => result.status === 'failed');
  if (failed?.status === 'failed')
    throw new ResultDocumentError(`${name}: has a failed cell (${failed.reason}); a report is complete or none`);
  if (cells.length === 0) throw new ResultDocumentError(`${name}: has no cells`);
}

function requireOneVersion(first: NamedDocument, others: readonly NamedDocument[]): void {
  const { version } = first.document.tool;
  const other = others.find(({ document }) => document.tool.version !== version);
  if (other === undefined) return;
  throw new ResultDocumentError(
    `${other.name}: is of s2bench ${other.document.tool.version}, and ${first.name} of ${version}; run it again`,
  );
}

/** Every named thing once; under one name there must be one thing. */
function namedOnce<T extends { readonly name: string }>(
  documents: readonly NamedDocument[],
  what: string,
  of: (document: ResultDocument) => readonly T[],
): T[] {
  const found = new Map<string, { readonly value: T; readonly where: string }>();
  for (const { name: where, document } of documents) {
    for (const value of of(document)) {
      const before = found.get(value.name);
      if (before === undefined) found.set(value.name, { value, where });
      else if (!isDeepStrictEqual(before.value, value)) {
        throw new ResultDocumentError(
          `${where}: ${what} ${value.name} is not the one of ${before.where}; run both again`,
        );
      }
    }
  }
  return [...found.values()].map(({ value }) => value);
}

function cellsOf(documents: readonly NamedDocument[]): CellResult[] {
  const found = new Map<string, { readonly result: CellResult; readonly where: string }>();
  for (const { name: where, document } of documents) {
    for (const result of document.cells) {
      const key = JSON.stringify(DIMENSIONS.map((dimension) => result.cell[dimension.key]));
      const before = found.get(key);
      if (before === undefined) found.set(key, { result, where });
      else if (!isDeepStrictEqual(before.result, result)) {
        const cell = describeIn(DIMENSIONS, result.cell);
        throw new ResultDocumentError(
          `${where}: has another result than ${before.where} for ${cell}; s2bench compare shows it`,
        );
      }
    }
  }
  return [...found.values()].map(({ result }) => result);
}

function comparisonsOf(documents: readonly NamedDocument[]): readonly Comparison[] {
  const all = documents.flatMap(({ document }) => document.comparisons ?? []);
  return all.filter((comparison, index) => all.findIndex((other) => isDeepStrictEqual(other, comparison)) === index);
}
