/** Which pictures a document has. */
import type { ResultDocument } from '../schema.ts';
import { hasBestMap, renderBestMap } from './best-map.ts';
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
    ...(hasBestMap(document)
      ? [
          {
            file: PICTURE_FILES.bestMap,
            alt: 'The fastest safe strategy of each setting',
            svg: renderBestMap(document),
          },
        ]
      : []),
    ...(hasPareto(document)
      ? [{ file: PICTURE_FILES.pareto, alt: 'Time against longest invalid window', svg: renderPareto(document) }]
      : []),
    ...(hasCurves(document)
      ? [{ file: PICTURE_FILES.curves, alt: 'Time by number of vCPUs', svg: renderCurves(document) }]
      : []),
    // Which is fastest says more than how long each takes, and of a matrix that has both one picture is the answer.
    ...(!hasBestMap(document) && hasHeatMap(document)
      ? [{ file: PICTURE_FILES.heatMap, alt: 'Time by memory and granule', svg: renderHeatMap(document) }]
      : []),
  ];
}
