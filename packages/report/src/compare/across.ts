/** One result taken apart, so that what it holds of each strategy can be compared. */
import type { NamedDocument } from './names.ts';

/**
 * A document for each strategy of a result, in its order: as if each had been run alone.
 *
 * @returns strategy to document
 */
export function documentsByStrategy({ name, document }: NamedDocument): ReadonlyMap<string, NamedDocument> {
  const groups = Map.groupBy(document.cells, ({ cell }) => cell.strategy);
  return new Map(
    [...groups].map(([strategy, cells]): [string, NamedDocument] => [
      strategy,
      {
        name: `${name}: ${strategy}`,
        title: strategy,
        document: { ...document, cells, strategies: document.strategies.filter((note) => note.name === strategy) },
      },
    ]),
  );
}
