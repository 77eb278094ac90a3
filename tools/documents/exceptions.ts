/** `documents.json`: what is not run as it stands, and why. */
import * as z from 'zod';
import type { Piece } from './pieces.ts';

const exceptionSchema = z.strictObject({
  document: z.string().describe('path from the root'),
  code: z.string().describe('the command, or the first line of the block, as it stands there'),
  instead: z.string().optional().describe('what is run in its place, such as the same with less memory'),
  reason: z.string().min(1),
});

/** The file. */
export const exceptionsSchema = z.strictObject({
  prepare: z
    .record(
      z.string(),
      z.strictObject({
        files: z.record(z.string(), z.string()).optional().describe('file to the document that shows it'),
        commands: z.array(z.string()).optional(),
      }),
    )
    .describe('what a document takes for granted, by its path'),
  exceptions: z.array(exceptionSchema),
});
/** The file. */
export type Exceptions = z.infer<typeof exceptionsSchema>;
/** One of its entries. */
export type Exception = z.infer<typeof exceptionSchema>;

/** The entry of a piece, if it has one. */
export function exceptionOf({ exceptions }: Exceptions, piece: Piece): Exception | undefined {
  return exceptions.find((one) => one.document === piece.document && one.code === firstLine(piece));
}

/** Entries of what the documents do not say any more, and blocks that need one: a line each. */
export function staleOrMissing(file: Exceptions, pieces: readonly Piece[]): string[] {
  const documents = new Set(pieces.map(({ document }) => document));
  const stale = file.exceptions
    .filter(({ document, code }) => !pieces.some((piece) => piece.document === document && firstLine(piece) === code))
    .map(({ document, code }) => `documents.json: ${document} does not say ${JSON.stringify(code)}`);
  const unknown = Object.entries(file.prepare).flatMap(([document, { files = {} }]) => [
    ...(documents.has(document) ? [] : [`documents.json: prepare: there is nothing to run in ${document}`]),
    ...Object.entries(files)
      .filter(([name, from]) => sourceNamed(pieces, from, name) === undefined)
      .map(([name, from]) => `documents.json: prepare: ${from} shows no ${name}`),
  ]);
  const missing = pieces
    .filter((piece) => piece.kind === 'block' && exceptionOf(file, piece) === undefined)
    .map(
      ({ document, line, code }) =>
        `${document}:${line}: a block that is neither sh, ts nor the text that follows sh: ${JSON.stringify(code)}; documents.json may say why`,
    );
  return [...stale, ...unknown, ...missing];
}

/** Files that a reason refers to and that there are no more: a line each. */
export function lostFiles({ exceptions }: Exceptions, exists: (path: string) => boolean): string[] {
  return exceptions.flatMap(({ code, reason }) =>
    (reason.match(/[\w./-]+\.(?:ts|yml|md)\b/g) ?? [])
      .filter((path) => !exists(path))
      .map((path) => `documents.json: the reason of ${JSON.stringify(code)}: there is no ${path}`),
  );
}

/** A file as a document shows it, its blocks joined. */
export function sourceNamed(pieces: readonly Piece[], document: string, file: string): string | undefined {
  const parts = pieces.filter((piece) => piece.kind === 'source' && piece.document === document && piece.file === file);
  return parts.length === 0 ? undefined : `${parts.map(({ code }) => code).join('\n\n')}\n`;
}

function firstLine({ code }: Piece): string {
  return code.split('\n')[0] ?? '';
}
