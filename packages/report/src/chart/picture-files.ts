/** Files of pictures that a report may have, and need not: known without what draws them. */
export const PICTURE_FILES = {
  pareto: 'pareto.svg',
  curves: 'curves.svg',
  heatMap: 'heat-map.svg',
  bestMap: 'best-map.svg',
} as const;
