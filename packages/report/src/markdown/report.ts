/** A result document as a Markdown report. */
import type { RootContent } from 'mdast';
import { commonCaption } from '../cells.ts';
import type { Picture } from '../chart/pictures.ts';
import type { ResultDocument } from '../schema.ts';
import { alternativeSection } from './sections/alternative.ts';
import { bestSection } from './sections/best.ts';
import { effectsSection } from './sections/effects.ts';
import { notSimulatedSection } from './sections/not-simulated.ts';
import { provenanceSection } from './sections/provenance.ts';
import { publishedSection } from './sections/published.ts';
import { reproduceSection } from './sections/reproduce.ts';
import { splitSection } from './sections/split.ts';
import { staleSection } from './sections/stale.ts';
import { summarySection } from './sections/summary.ts';
import { timesSection } from './sections/times.ts';
import { variantsSection } from './sections/variants.ts';
import { windowsSection } from './sections/windows.ts';
import { heading, link, list, paragraph, root } from './tree.ts';
import { writeMarkdown } from './write.ts';

/** What stands beside a report. */
export interface ReportOptions {
  /** The picture of {@link renderChart}, as a path relative to the report. Without it there is no picture. */
  readonly chartFile?: string;
  /** More pictures, below it. */
  readonly pictures?: readonly Pick<Picture, 'file' | 'alt'>[];
  /** Other reports, beside its folder. */
  readonly others?: readonly { readonly name: string; readonly title: string }[];
}

/**
 * A report in GitHub's Markdown. The same document gives the same bytes. Sections without content are left out.
 *
 * @param document - a run of the matrix
 * @param options - what stands beside the report
 */
export function renderReport(document: ResultDocument, options: ReportOptions = {}): string {
  return writeMarkdown(
    root([
      heading(1, document.title ?? document.preset ?? 'Stage-2 block mappings: results'),
      ...summarySection(document),
      ...conditions(document),
      ...picture(options),
      ...bestSection(document),
      ...variantsSection(document),
      ...publishedSection(document),
      ...splitSection(document),
      ...timesSection(document),
      ...windowsSection(document),
      ...staleSection(document),
      ...alternativeSection(document),
      ...effectsSection(document),
      ...provenanceSection(document),
      ...notSimulatedSection(document),
      ...reproduceSection(document),
      ...otherReports(options),
    ]),
  );
}

function conditions(document: ResultDocument): readonly RootContent[] {
  const common = commonCaption(document.cells.map(({ cell }) => cell));
  return common === '' ? [] : [paragraph(`${document.cells.length === 1 ? 'The cell' : 'All cells'}: ${common}.`)];
}

function otherReports({ others = [] }: ReportOptions): readonly RootContent[] {
  if (others.length === 0) return [];
  const items = others.map(({ name, title }) => [link(`../${name}/README.md`, title)]);
  return [heading(2, 'Other series in the same model'), list(false, items)];
}

function picture({ chartFile, pictures = [] }: ReportOptions): readonly RootContent[] {
  const alt = 'Simulated time and longest invalid window, per strategy and number of vCPUs';
  const all = [...(chartFile === undefined ? [] : [{ file: chartFile, alt }]), ...pictures];
  return all.map((one) => ({ type: 'paragraph', children: [{ type: 'image', url: one.file, alt: one.alt }] }));
}
