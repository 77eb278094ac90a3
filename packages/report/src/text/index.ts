/** Text for terminals: lines and tables that are no wider than those. */
export { breakLines, displayWidth } from './lines.ts';
export { openTable, paint } from './table.ts';
export type { OpenTable, PlainRow, PlainValue } from './table.ts';
export { fitPlainTable } from './fit.ts';
export type { FitColumn } from './fit.ts';
