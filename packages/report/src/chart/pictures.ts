/** Which pictures a document has. */
import type { ResultDocument } from '../schema.ts';
import { hasCurves, renderCurves } from './curves.ts';
import { hasHeatMap, renderHeatMap } from './heat-map.ts';
import { hasPareto, renderPareto } from './pareto.ts';
import { PICTURE_FILES } from './picture-files.ts';

/** A picture beside a report. */
export interface Picture {
  /** Its file, in the folder of the report. */
  readonly file: string;
  /** What it is of, in a line. */
  readonly alt: string;
  readonly svg: string;
}

/** The pictures that say something of a document, besides that of {@link renderChart}. */
export function renderPictures(document: ResultDocument): Picture[] {
  return [
    ...(hasPareto(document)
      ? [{ file: PICTURE_FILES.pareto, alt: 'Time against longest invalid window', svg: renderPareto(document) }]
      : []),
    ...(hasCurves(document)
      ? [{ file: PICTURE_FILES.curves, alt: 'Time by number of vCPUs', svg: renderCurves(document) }]
      : []),
    ...(hasHeatMap(document)
      ? [{ file: PICTURE_FILES.heatMap, alt: 'Time by memory and granule', svg: renderHeatMap(document) }]
      : []),
  ];
}
