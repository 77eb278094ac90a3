/** A picture in words, for those who do not see it. */
import { formatTime } from '../format/time.ts';
import type { PanelSet } from './panels.ts';

/** Every bar's value in words. */
export function describeChart(times: PanelSet | undefined, windows: PanelSet | undefined): string {
  if (times === undefined || windows === undefined) return 'No cell was simulated.';
  return `Simulated time of ${times.stage}: ${wordsOf(times)} Longest invalid window: ${wordsOf(windows, false)}`;
}

function wordsOf({ panels, series }: PanelSet, withPublished = true): string {
  return panels
    .flatMap(({ label, groups }) =>
      groups.map((group) => {
        const bars = group.bars.map((bar) => {
          const published =
            withPublished && bar.publishedNs !== undefined ? `, published ${formatTime(bar.publishedNs)}` : '';
          const value = bar.valueNs === 0 ? 'none' : formatTime(bar.valueNs);
          return `${series[bar.series] ?? ''} ${value}${published}${bar.unsafe ? ', unsafe' : ''}`;
        });
        return `${[label, group.label].filter((part) => part !== '').join(', ')}: ${bars.join('; ')}.`;
      }),
    )
    .join(' ');
}
