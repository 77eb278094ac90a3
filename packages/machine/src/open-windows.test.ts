/** Windows in columns, against a list of them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageCounters } from './counters.ts';
import { OpenWindows } from './open-windows.ts';

interface Window {
  readonly entry: number;
  readonly address: number;
  readonly pages: number;
  readonly sinceNs: number;
}

/** The same, window by window. */
class Plain {
  #open: Window[] = [];

  open(window: Window): void {
    if (window.pages > 0) this.#open.push(window);
  }

  has(entry: number): boolean {
    return this.#open.some((window) => window.entry === entry);
  }

  /** Closes those that are meant; the longest, and the times of all their pages. */
  close(isMeant: (window: Window) => boolean, nowNs: number): [number, number] | undefined {
    const meant = this.#open.filter(isMeant);
    if (meant.length === 0) return undefined;
    this.#open = this.#open.filter((window) => !meant.includes(window));
    const times = meant.map(({ sinceNs }) => nowNs - sinceNs);
    return [Math.max(...times), meant.reduce((sum, { pages, sinceNs }) => sum + pages * (nowNs - sinceNs), 0)];
  }

  forget(): void {
    this.#open = [];
  }
}

const entries = fc.nat(6);
const deeds = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), entry: entries, pages: fc.nat(3) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), entry: entries }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), entry: entries, size: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'forget' as const }) },
  ),
  { maxLength: 30 },
);

describe('open windows', () => {
  it('close as a list of them does, one by one and below a block', () => {
    fc.assert(
      fc.property(deeds, (story) => {
        const [windows, plain, counters] = [new OpenWindows(), new Plain(), new StageCounters()];
        const closed: [number, number][] = [];
        for (const [nowNs, deed] of story.entries()) {
          if (deed.do === 'forget') {
            windows.forget();
            plain.forget();
          } else if (deed.do === 'open') {
            // An entry covers ten bytes from where it stands, ten times its number.
            const { entry, pages } = deed;
            // What was cleared is cleared again only where it was made again.
            if (plain.has(entry)) continue;
            windows.open(entry, 10 * entry, pages, nowNs);
            plain.open({ entry, address: 10 * entry, pages, sinceNs: nowNs });
          } else if (deed.do === 'close') {
            windows.closeEntry(deed.entry, nowNs, counters);
            const window = plain.close(({ entry }) => entry === deed.entry, nowNs);
            if (window !== undefined) closed.push(window);
          } else {
            const [from, end] = [10 * deed.entry, 10 * (deed.entry + deed.size)];
            windows.closeBlock(deed.entry, from, end - from, nowNs, counters);
            const isBelow = ({ entry, address }: Window): boolean =>
              entry === deed.entry || (address >= from && address < end);
            const window = plain.close(isBelow, nowNs);
            if (window !== undefined) closed.push(window);
          }
        }
        expect(counters).toMatchObject({
          windows: closed.length,
          longestWindowNs: Math.max(0, ...closed.map(([ns]) => ns)),
          totalWindowNs: closed.reduce((sum, [ns]) => sum + ns, 0),
          windowPageNs: closed.reduce((sum, [, pageNs]) => sum + pageNs, 0),
        });
      }),
    );
  });

  it('are as many as there are entries', () => {
    const [windows, counters] = [new OpenWindows(), new StageCounters()];
    for (let entry = 0; entry < 200; entry++) windows.open(entry, 10 * entry, 1, entry);
    for (let entry = 199; entry >= 0; entry--) windows.closeEntry(entry, 1000, counters);
    expect(counters).toMatchObject({ windows: 200, longestWindowNs: 1000, totalWindowNs: 200_000 - 19_900 });
    for (let entry = 0; entry < 200; entry++) windows.open(entry, 10 * entry, 2, 0);
    windows.closeBlock(1000, 500, 1000, 10, counters);
    expect(counters).toMatchObject({ windows: 201, windowPageNs: 200_000 - 19_900 + 100 * 20 });
  });
});
