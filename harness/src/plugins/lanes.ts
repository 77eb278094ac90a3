/** Work of several strategies, so much of it at the same time, and each lane stays with a strategy while it can. */

/**
 * Does all items. A lane takes the next item of the key that it has worked for, so that what was loaded and built for it
 * is used again; then of the key that has the most to do and the fewest lanes.
 *
 * @param keyOf - what an item is of
 * @param lanes - items at the same time
 * @param isBetterLater - asked when a lane takes its next item: of those that are, the first is taken if there is no other
 */
export async function inLanes<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  lanes: number,
  work: (item: Item) => Promise<void>,
  isBetterLater: (item: Item) => boolean = () => false,
): Promise<void> {
  const waiting = Map.groupBy(items, keyOf);
  const busy = new Map<string, number>();
  const count = (key: string, by: number): void => void busy.set(key, (busy.get(key) ?? 0) + by);
  const nextKey = (): string | undefined => {
    let best: string | undefined;
    let most = 0;
    for (const [key, left] of waiting) {
      const share = left.length / ((busy.get(key) ?? 0) + 1);
      // Of several the first: items are in the order in which they are wanted.
      if (share > most) [best, most] = [key, share];
    }
    return best;
  };
  const nextItem = (key: string): Item | undefined => {
    const left = waiting.get(key) ?? [];
    const place = left.findIndex((item) => !isBetterLater(item));
    return left.splice(Math.max(0, place), 1)[0];
  };
  const lane = async (): Promise<void> => {
    for (let key = nextKey(); key !== undefined; key = nextKey()) {
      count(key, 1);
      try {
        for (let item = nextItem(key); item !== undefined; item = nextItem(key)) await work(item);
      } finally {
        count(key, -1);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
