/** What the times rest on: costs that were calibrated or assumed, and stages that were extrapolated. */
import type { RootContent } from 'mdast';
import { okResults, stageEntries, varyingDimensions } from '../../cells.ts';
import { formatPercent, formatSignedPercent } from '../../format/percent.ts';
import { formatSignificant } from '../../format/significant.ts';
import type { ProfileNote, ResultDocument } from '../../schema.ts';
import { isUnsafe, settingColumns, settingValues } from '../setting-columns.ts';
import { code, details, foldedWhenLong, heading, list, paragraph, table } from '../tree.ts';
import type { Inline } from '../tree.ts';
import { capitalised, counted } from '../words.ts';
import { leanNodes } from './lean.ts';

/** Every profile's costs and residuals, and what was extrapolated. */
export function provenanceSection(document: ResultDocument): readonly RootContent[] {
  const used = document.profiles.filter(({ name }) => okResults(document).some(({ cell }) => cell.profile === name));
  const extrapolated = extrapolation(document);
  if (used.length === 0 && extrapolated.length === 0) return [];
  return [
    heading(2, 'What was calibrated, assumed and extrapolated'),
    ...used.flatMap((profile) => profileNodes(document, profile)),
    ...extrapolated,
  ];
}

function profileNodes(document: ResultDocument, profile: ProfileNote): readonly RootContent[] {
  return [
    paragraph('Profile ', code(profile.name), `: ${profile.summary.replace(/\.$/, '')}.`),
    ...leanNodes(document, profile),
    ...costs(profile),
    ...residuals(profile),
  ];
}

/** The costs, their sources as a numbered list below: many costs share one, and a source is long. */
function costs(profile: ProfileNote): readonly RootContent[] {
  if (profile.costs.length === 0) return [];
  const sources = [...new Set(profile.costs.map(({ source }) => source))];
  const content = {
    columns: [
      { label: 'cost', align: 'left' },
      { label: 'value', align: 'right' },
      { label: 'unit', align: 'left' },
      { label: 'provenance', align: 'left' },
      { label: 'source', align: 'right' },
    ] as const,
    rows: profile.costs.map((cost) => [
      [code(cost.name)],
      [formatSignificant(cost.value, 4)],
      [cost.unit],
      [cost.provenance],
      [String(sources.indexOf(cost.source) + 1)],
    ]),
  };
  const numbered = list(
    true,
    sources.map((source) => [source]),
  );
  return details(`Costs of ${profile.name}, with their sources`, table(content), paragraph('Sources:'), numbered);
}

function residuals(profile: ProfileNote): readonly RootContent[] {
  const rows = profile.calibration ?? [];
  if (rows.length === 0) return [];
  const worst = rows.reduce((a, b) => (Math.abs(b.errorPercent) > Math.abs(a.errorPercent) ? b : a));
  return [
    paragraph(
      `The profile was held against ${counted(rows.length, 'published figure')}; the largest residual is `,
      `${formatSignedPercent(worst.errorPercent)} (${worst.figure}).`,
    ),
    ...foldedWhenLong(`Residuals of ${profile.name}`, {
      columns: [
        { label: 'figure', align: 'left' },
        { label: 'published', align: 'right' },
        { label: 'model', align: 'right' },
        { label: 'unit', align: 'left' },
        { label: 'error', align: 'right' },
      ],
      rows: rows.map((row) => [
        [row.figure],
        [formatSignificant(row.published, 4)],
        [formatSignificant(row.model, 4)],
        [row.unit],
        [formatSignedPercent(row.errorPercent)],
      ]),
    }),
  ];
}

function extrapolation(document: ResultDocument): readonly RootContent[] {
  const results = okResults(document);
  if (results.length === 0) return [];
  const dimensions = varyingDimensions(results.map(({ cell }) => cell));
  const rows = results.flatMap((result) =>
    stageEntries(result)
      .filter(([, stage]) => stage.extrapolated)
      .map(([name, stage]): readonly (readonly Inline[])[] => [
        ...settingValues(dimensions, result.cell, isUnsafe([result])),
        [name],
        [stage.sampledFraction === undefined ? '–' : formatPercent(stage.sampledFraction * 100)],
        [stage.errorBound === undefined ? '–' : `± ${formatPercent(stage.errorBound * 100)}`],
      ]),
  );
  if (rows.length === 0) return [paragraph('Nothing was extrapolated: every fault was simulated.')];
  return [
    paragraph(
      `${capitalised(counted(rows.length, 'stage'))} ${rows.length === 1 ? 'was' : 'were'} simulated in part and `,
      'extrapolated from that; the bound covers scatter, work that is rarer than the sample, and where the sample ends.',
    ),
    ...foldedWhenLong('Extrapolated stages', {
      columns: [
        ...settingColumns(dimensions),
        { label: 'stage', align: 'left' },
        { label: 'simulated', align: 'right' },
        { label: 'error bound', align: 'right' },
      ],
      rows,
    }),
  ];
}
