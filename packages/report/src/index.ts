/** Results: the schema, statistics, Markdown, terminal tables and pictures. */
export * from './schema.ts';
export { ResultDocumentError, parseResultDocument } from './parse.ts';
export { renderReport } from './markdown/report.ts';
export type { ReportOptions } from './markdown/report.ts';
export { renderTable } from './table.ts';
export type { TableOptions } from './table.ts';
export { renderChart } from './chart/chart.ts';
export { formatBytes } from './format/bytes.ts';
export { formatCount } from './format/count.ts';
export { formatTime } from './format/time.ts';
