/** The time of each strategy by memory and granule, as a field of colours with the values in it. */
import { okResults, stagesOf, varyingDimensions } from '../cells.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatFactor } from '../format/factor.ts';
import { formatTime } from '../format/time.ts';
import type { OkResult, ResultDocument, StageName } from '../schema.ts';
import { colourField, type ColourSteps, FIELD_HEIGHT, FIELD_STYLE } from './colour-field.ts';
import { text } from './element.ts';
import { fit, LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH, svgPage } from './page.ts';

const LABELS = 60;
const WIDEST_CELL = 96;
const HEADING = 40;
/** Fields that a picture may have before it is too tall to be read. */
const MOST_FIELDS = 8;
/** Steps of colour from the shortest time to the longest, of ColorBrewer's YlGnBu, light to dark. */
const STEPS: ColourSteps = ['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#0c2c84'];

/** A strategy in a setting. */
interface Field {
  readonly label: string;
  readonly strategy: string;
  readonly results: readonly OkResult[];
}

interface Fields {
  readonly stage: StageName;
  readonly fields: readonly Field[];
  readonly omitted: number;
  readonly memories: readonly number[];
  readonly granules: readonly number[];
}

/** Whether both memory and granule vary. */
export function hasHeatMap(document: ResultDocument): boolean {
  const found = fieldsOf(document);
  return found !== undefined && found.memories.length > 1 && found.granules.length > 1;
}

/** The picture, in SVG; of the last stage that has results. */
export function renderHeatMap(document: ResultDocument): string {
  const found = fieldsOf(document);
  if (found === undefined) throw new RangeError('a picture of no results: hasHeatMap says whether there are any');
  const { stage, fields, omitted, memories, granules } = found;
  const times = fields.flatMap(({ results }) => results.map((result) => timeOf(result, stage)));
  const shareOf = sharesBetween(Math.min(...times), Math.max(...times));
  const width = Math.min(WIDEST_CELL, (PAGE_WIDTH - 2 * PAGE_MARGIN - LABELS) / granules.length);
  const left = PAGE_MARGIN + LABELS;
  return svgPage({
    title: titleOf(fields, stage),
    note: `Simulated time of ${stage}: memory downwards, granule to the right, darker is longer (log scale)${omitted > 0 ? `; ${omitted} more settings are in the report's tables` : ''}`,
    description: fields.map((field) => wordsOf(field, stage)).join(' '),
    style: FIELD_STYLE,
    draw: (top) => {
      const svg: string[] = [];
      let y = top;
      for (const { label, results } of fields) {
        svg.push(text(PAGE_MARGIN, y + 16, 'heading', fit(label, 70)));
        for (const [column, granule] of granules.entries())
          svg.push(text(left + (column + 0.5) * width, y + 34, 'note middle', formatBytes(granule)));
        y += HEADING;
        for (const memory of memories) {
          svg.push(text(left - 6, y + 17, 'tick', formatBytes(memory)));
          for (const [column, granule] of granules.entries()) {
            const result = results.find(({ cell }) => cell.memoryBytes === memory && cell.granuleBytes === granule);
            if (result === undefined) continue;
            const timeNs = timeOf(result, stage);
            const value = fit(formatTime(timeNs), Math.floor(width / LABEL_LETTER));
            const place = { x: left + column * width, y, width };
            svg.push(colourField(STEPS, shareOf(timeNs), place, value).join(''));
          }
          y += FIELD_HEIGHT;
        }
        y += 8;
      }
      return { svg, bottom: y };
    },
  });
}

function timeOf({ stages }: OkResult, stage: StageName): number {
  return stages[stage]?.timeNs ?? 0;
}

/** On a scale of logarithms: 0 is the least, 1 the most. */
function sharesBetween(least: number, most: number): (ns: number) => number {
  const decades = Math.log(Math.max(most, 1) / Math.max(least, 1));
  return (ns) => (decades === 0 ? 0 : Math.log(Math.max(ns, 1) / Math.max(least, 1)) / decades);
}

function fieldsOf(document: ResultDocument): Fields | undefined {
  const all = okResults(document);
  const stage = stagesOf(all).at(-1);
  if (stage === undefined) return undefined;
  const results = all.filter((result) => result.stages[stage] !== undefined);
  const settings = varyingDimensions(results.map(({ cell }) => cell)).filter(
    ({ key }) => key !== 'strategy' && key !== 'memoryBytes' && key !== 'granuleBytes',
  );
  const groups = Map.groupBy(results, ({ cell }) =>
    [cell.strategy, ...settings.map((dimension) => dimension.describe(cell))].join(', '),
  );
  const fields = [...groups].map(([label, own]) => ({ label, strategy: own[0]?.cell.strategy ?? '', results: own }));
  const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  return {
    stage,
    fields: fields.slice(0, MOST_FIELDS),
    omitted: Math.max(0, fields.length - MOST_FIELDS),
    memories: sorted(results.map(({ cell }) => cell.memoryBytes)),
    granules: sorted(results.map(({ cell }) => cell.granuleBytes)),
  };
}

/** By which factor the time depends on the granule, where the memory is the same: of the strategy that it matters most to. */
function titleOf(fields: readonly Field[], stage: StageName): string {
  const spreads = fields.flatMap(({ strategy, results }) =>
    [...Map.groupBy(results, ({ cell }) => cell.memoryBytes).values()].map((own) => {
      const sorted = own.toSorted((a, b) => timeOf(a, stage) - timeOf(b, stage));
      const [fastest, slowest] = [sorted[0], sorted.at(-1)];
      const factor =
        fastest === undefined || slowest === undefined ? 1 : timeOf(slowest, stage) / timeOf(fastest, stage);
      return { strategy, fastest, slowest, factor };
    }),
  );
  const [most] = spreads.toSorted((a, b) => b.factor - a.factor);
  if (most?.fastest === undefined || most.slowest === undefined || !Number.isFinite(most.factor) || most.factor < 1.1)
    return `The granule hardly changes the time of ${stage}`;
  const { strategy, fastest, slowest, factor } = most;
  return `${strategy} takes up to ${formatFactor(factor)}× as long with a granule of ${formatBytes(slowest.cell.granuleBytes)} as with ${formatBytes(fastest.cell.granuleBytes)}`;
}

function wordsOf({ label, results }: Field, stage: StageName): string {
  const values = results.map(
    (result) =>
      `${formatBytes(result.cell.memoryBytes)} in ${formatBytes(result.cell.granuleBytes)} ${formatTime(timeOf(result, stage))}`,
  );
  return `${label}: ${values.join('; ')}.`;
}
