/** Results: the schema, statistics, Markdown, terminal tables and pictures. */
export * from './schema.ts';
export { ResultDocumentError, parseResultDocument } from './parse.ts';
export { isSealBroken, sealed } from './seal.ts';
export { renderReport } from './markdown/report.ts';
export type { ReportOptions } from './markdown/report.ts';
export { renderMarkdownTable } from './markdown/markdown-table.ts';
export { proofPictures, renderProofPage } from './markdown/proof-page.ts';
export { renderProof } from './markdown/proof.ts';
export type * from './proof.ts';
export { stagesOf } from './cells.ts';
export { renderTable } from './table.ts';
export type { TableOptions } from './table.ts';
export { renderGrid } from './grid.ts';
export type { GridLayout } from './grid.ts';
export { renderChart } from './chart/chart.ts';
export { PICTURE_FILES } from './chart/picture-files.ts';
export { renderPictures } from './chart/pictures.ts';
export type { Picture } from './chart/pictures.ts';
export { formatBytes } from './format/bytes.ts';
export { formatCount } from './format/count.ts';
export { formatTime } from './format/time.ts';
export { GITHUB_LIMIT, renderComparisonHeadline, renderComparisonMarkdown } from './compare/markdown.ts';
export { MAIL_COLUMNS, renderComparisonMail } from './compare/mail.ts';
export { ThresholdError, THRESHOLD_WORDS, formatThreshold, parseThreshold } from './compare/threshold.ts';
export type { LimitKind, MetricThreshold, Threshold } from './compare/threshold.ts';
export type { Metric, MetricUnit } from './compare/metrics.ts';
export { documentsByStrategy } from './compare/across.ts';
export { compareResults, hitsOf, isEqual, isFailed } from './compare/compare.ts';
export type { CellChange, MetricChange, Origin, ResultComparison, WordChange } from './compare/compare.ts';
export type { NamedDocument } from './compare/names.ts';
export type { Change } from './compare/change.ts';
export type { Difference } from './compare/differences.ts';
export { renderSeveralComparisons } from './compare/several.ts';
export {
  COMPARISON_SCHEMA_VERSION,
  comparisonDocument,
  comparisonDocumentSchema,
  comparisonJsonSchema,
} from './compare/document.ts';
export type { ComparisonDocument } from './compare/document.ts';
export { collectResults, pagesOf } from './publish/collect.ts';
export {
  HISTORY_SCHEMA_VERSION,
  appendRow,
  historyRow,
  historyRowSchema,
  historyText,
  parseHistory,
} from './publish/history.ts';
export type { Checkout, HistoryRow } from './publish/history.ts';
export { renderHistory } from './publish/history-page.ts';
export { renderReportIndex, titleOf } from './publish/index-page.ts';
export type { PublishedReport } from './publish/index-page.ts';
export { WALL_TIME_SCHEMA_VERSION, looksLikeWallTimes, parseWallTimes, wallTimeSchema } from './wall-time/document.ts';
export type { WallTimes } from './wall-time/document.ts';
export { compareWallTimes, renderWallTimes } from './wall-time/compare.ts';
export type { Claim, NamedWallTimes, WallTimeComparison, WallTimeRatio } from './wall-time/compare.ts';
export type { RatioInterval } from './wall-time/bootstrap.ts';
export { RANKING_SCHEMA_VERSION, rankingSchema } from './rank/document.ts';
export type { RankedSetting, Ranking, Rerun, Standing, Turn } from './rank/document.ts';
export { RankingError, rankResults } from './rank/rank.ts';
export type { RankingOptions } from './rank/rank.ts';
export { renderRankingMail, renderRankingTable } from './rank/text.ts';
export { renderRankingMarkdown } from './rank/markdown.ts';
export { renderLetter } from './letter/letter.ts';
