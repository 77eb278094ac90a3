/** How two documents are called: by name, as a path says where something lies and not what it is. */
import type { Dimension } from '../cells.ts';
import type { ResultDocument } from '../schema.ts';

/** A document, and what its reader calls it: a file, or a report of a revision. */
export interface NamedDocument {
  /** Where it was read: a path, or a revision and a path. */
  readonly name: string;
  /** What a heading calls it, where that is not to be taken from the path: `thread-2021 of main`. */
  readonly title?: string;
  readonly document: ResultDocument;
}

/** The titles of both. Where only the strategy differs, its names say it best; where titles are alike, the paths do. */
export function titlesOf(
  base: NamedDocument,
  head: NamedDocument,
  crossed: readonly Dimension[],
): { readonly baseTitle: string; readonly headTitle: string } {
  const candidates: readonly (readonly [string, string])[] = [
    ...(crossed.length === 1 && crossed[0]?.key === 'strategy'
      ? [[strategyOf(base.document), strategyOf(head.document)] as const]
      : []),
    [base.title ?? stemOf(base.name), head.title ?? stemOf(head.name)],
  ];
  const found = candidates.find(([one, other]) => one !== other && one !== '' && other !== '');
  const [baseTitle, headTitle] = found ?? [base.name, head.name];
  return { baseTitle, headTitle };
}

function strategyOf({ cells }: ResultDocument): string {
  return cells[0]?.cell.strategy ?? '';
}

/** `runs/mine.json` is mine, `reports/thread-2021` and the results in it are thread-2021. */
function stemOf(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const isDocument = last === 'results.json' && parts.length > 1;
  return isDocument ? (parts.at(-2) ?? '') : last.replace(/\.json$/, '');
}
