/** What a curve of both sides says, in words: who is faster where, where the order turns, from where on each side grows. */
import { growsFrom, type Lead, leadsOf, type Origin, publishedPart, timeAt } from '../../findings/growth.ts';
import { type VariantCurve, variantCurves } from '../../findings/variants.ts';
import { largestErrorPercent, publishedRows } from '../../findings/published.ts';
import { formatFactor } from '../../format/factor.ts';
import { formatPercent } from '../../format/percent.ts';
import { type ResultDocument, VARIANT_NAMES, type VariantName } from '../../schema.ts';
import { median } from '../../statistics.ts';
import { code, strong } from '../tree.ts';
import type { Inline } from '../tree.ts';
import { counted, enumerate } from '../words.ts';

type Sentence = readonly Inline[];

/** The sentences of a curve. */
export function conclusionOf(curve: VariantCurve): readonly Sentence[] {
  const known = publishedPart(curve);
  const hasPublished = known.points.length > 0;
  return [
    hasPublished ? comparedLeads(known) : [...leadPhrase(curve, leadsOf(curve, 'simulated'), 'Simulated, '), '.'],
    ...turnSentence(curve, known),
    ...gainSentence(hasPublished ? known : curve),
    ...growthSentences(hasPublished ? known : curve, hasPublished),
  ];
}

/** What all curves of a document come to, for its first paragraph. */
export function variantSummary(document: ResultDocument): readonly Sentence[] {
  const curves = variantCurves(document);
  if (curves.length === 0) return [];
  const known = curves.map(publishedPart).filter(({ points }) => points.length > 0);
  const orders = known.flatMap((curve) =>
    curve.points.map((point) => {
      const at = { ...curve, points: [point] };
      return leadsOf(at, 'published')[0]?.faster === leadsOf(at, 'simulated')[0]?.faster;
    }),
  );
  const growths = known
    .filter(growsWithVcpus)
    .flatMap((curve) =>
      VARIANT_NAMES.map((side) => growsFrom(curve, side, 'published') === growsFrom(curve, side, 'simulated')),
    );
  const right = (all: readonly boolean[]): Inline =>
    strong(`${String(all.filter(Boolean).length)} of ${String(all.length)}`);
  return [
    ...errorSentence(document),
    ...(orders.length === 0
      ? []
      : [
          [
            'Which side is faster is as published in ',
            right(orders),
            ' settings',
            ...(growths.length === 0 ? [] : [', and from where on its time grows for ', right(growths), ' curves']),
            '.',
          ],
        ]),
    ...curves.flatMap((curve) => gainSentence(curve, `${curve.metric ?? curve.stage}: `)),
  ];
}

/** How far the simulated times are from the published ones: the furthest, and the middle one. */
function errorSentence(document: ResultDocument): readonly Sentence[] {
  const rows = publishedRows(document);
  if (rows.length === 0) return [];
  const middle = median(rows.map(({ errorPercent }) => Math.abs(errorPercent)));
  return [
    [
      `Of ${counted(rows.length, 'simulated time')} with a published one, half are within `,
      strong(formatPercent(middle)),
      ' of it and all within ',
      strong(formatPercent(largestErrorPercent(rows))),
      '.',
    ],
  ];
}

/** Of memory everything is made page by page: there is no knee to find. */
function growsWithVcpus({ axis, points }: VariantCurve): boolean {
  return axis.key !== 'memoryBytes' && points.length > 2;
}

function comparedLeads(curve: VariantCurve): Sentence {
  const [published, simulated] = [leadsOf(curve, 'published'), leadsOf(curve, 'simulated')];
  const opening = leadPhrase(curve, published, '');
  if (JSON.stringify(published) === JSON.stringify(simulated)) return [...opening, ', published and simulated alike.'];
  return [...opening, ', as published; ', ...leadPhrase(curve, simulated, 'simulated, '), '.'];
}

/** `After is faster from 4 to 64 vCPUs and before at 1 vCPU`. */
function leadPhrase(curve: VariantCurve, leads: readonly Lead[], opening: string): Sentence {
  const spans = leads.map(({ faster, from, to }): Sentence => {
    const where = from === to ? `at ${placeText(curve, from)}` : `from ${placeText(curve, from, to)}`;
    return faster === 'neither' ? [`neither ${where}`] : [code(faster), ` ${where}`];
  });
  const start = opening === '' ? 'The faster one is ' : `${opening}the faster one is `;
  return [start, ...enumerate(spans)];
}

/** `8 vCPUs`, `4 to 64 vCPUs`, `1 GiB to 64 GiB`. */
function placeText({ axis, points }: VariantCurve, from: number, to?: number, joint: 'to' | 'and' = 'to'): string {
  const cellAt = (at: number) => points.find((point) => point.at === at)?.before.cell;
  const [first, last] = [cellAt(from), cellAt(to ?? from)];
  if (first === undefined || last === undefined) return String(from);
  const unit = axis.key === 'memoryBytes' ? '' : from === 1 && to === undefined ? ' vCPU' : ' vCPUs';
  return to === undefined ? `${axis.show(first)}${unit}` : `${axis.show(first)} ${joint} ${axis.show(last)}${unit}`;
}

/** Between which places the order turns, where it does. */
function turnSentence(curve: VariantCurve, known: VariantCurve): readonly Sentence[] {
  const turns = (leads: readonly Lead[]): string[] =>
    leads.slice(1).map(({ from }, index) => placeText(curve, leads[index]?.to ?? from, from, 'and'));
  const [published, simulated] = [turns(leadsOf(known, 'published')), turns(leadsOf(curve, 'simulated'))];
  if (published.length === 0 && simulated.length === 0) return [];
  const said = (places: readonly string[]): string =>
    places.length === 0 ? 'nowhere' : `between ${places.join(' and between ')}`;
  if (known.points.length === 0) return [[`The order turns ${said(simulated)}.`]];
  return [[`The order turns ${said(published)} as published, and ${said(simulated)} as simulated.`]];
}

/** How far apart the sides are at the last place. */
function gainSentence(curve: VariantCurve, opening = ''): readonly Sentence[] {
  const point = curve.points.at(-1);
  if (point === undefined) return [];
  const factorText = (origin: Origin): string => {
    const [before, after] = [timeAt(point, 'before', origin), timeAt(point, 'after', origin)];
    if (before === undefined || after === undefined || after === 0 || before === 0) return '';
    return before >= after
      ? `${formatFactor(before / after)} times as fast`
      : `${formatFactor(after / before)} times as slow`;
  };
  const [published, simulated] = [factorText('published'), factorText('simulated')];
  if (simulated === '') return [];
  const where = `${opening}${opening === '' ? 'At' : 'at'} ${placeText(curve, point.at)} `;
  return [
    [
      where,
      code('after'),
      ' is ',
      ...(published === '' ? [] : [strong(published), ' as ', code('before'), ' as published, and ']),
      strong(simulated),
      ...(published === '' ? [' as ', code('before')] : []),
      ' as simulated.',
    ],
  ];
}

function growthSentences(curve: VariantCurve, hasPublished: boolean): readonly Sentence[] {
  if (!growsWithVcpus(curve)) return [];
  return VARIANT_NAMES.map((side) => growthSentence(curve, side, hasPublished));
}

function growthSentence(curve: VariantCurve, side: VariantName, hasPublished: boolean): Sentence {
  const say = (origin: Origin): string => {
    const from = growsFrom(curve, side, origin);
    return from === undefined ? 'does not grow' : `grows from ${placeText(curve, from)} on`;
  };
  const simulated = say('simulated');
  if (!hasPublished) return ['The time of ', code(side), ` ${simulated}.`];
  const published = say('published');
  return published === simulated
    ? ['The time of ', code(side), ` ${published}, published and simulated alike.`]
    : ['The time of ', code(side), ` ${published} as published; simulated it ${simulated}.`];
}
