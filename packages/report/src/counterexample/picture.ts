/** A counterexample as a picture: step by step what is done, and the table before and after it, what has changed marked. */
import { element, text } from '../chart/element.ts';
import { LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH, svgPage, wrapWords } from '../chart/page.ts';
import { readSteps, type Step, type Story } from './read-steps.ts';

const LINE = 16;
const ACTIONS = 196;
const BOX = 146;
const BEFORE = PAGE_MARGIN + ACTIONS + 10;
const AFTER = PAGE_WIDTH - PAGE_MARGIN - BOX;
const BOX_GAP = 4;
const BOX_PADDING = 8;
const MARK = '▸';

const STYLE = [
  '.who{font-weight:600}',
  '.box{fill:#f6f8fa;stroke:#8c959f}',
  '.changed{stroke:#b3261e;stroke-width:2.5}',
  '.gone{stroke-dasharray:4 3}',
  '.alarm{font-weight:700;fill:#b3261e}',
  '@media (prefers-color-scheme:dark){.box{fill:#21262d;stroke:#57606a}.changed{stroke:#ff8a80}.alarm{fill:#ff8a80}}',
].join('\n');

/** The picture, in SVG; `undefined` where the text tells no steps of a table. */
export function renderCounterexample(told: string): string | undefined {
  const story = readSteps(told);
  if (story === undefined || story.steps.length === 0) return undefined;
  return svgPage({
    title: story.conclusion.replace(/\.$/, ''),
    note: `${story.opening} ${MARK} and a thick frame: changed by the step; dashed: gone.`,
    description: describe(story),
    style: STYLE,
    draw: (top) => {
      const svg = [text(BEFORE, top + 12, 'note', 'table before'), text(AFTER, top + 12, 'note', 'table after')];
      let y = top + 20;
      for (const [index, step] of story.steps.entries()) {
        const drawn = drawStep(step, story.steps[index - 1]?.entries ?? [], index === story.steps.length - 1, y);
        svg.push(...drawn.svg);
        y = drawn.bottom;
      }
      return { svg, bottom: y };
    },
  });
}

/** What names an entry: `root[0]`. */
function keyOf(entry: string): string {
  return entry.split(' ')[0] ?? '';
}

function drawStep(
  step: Step,
  before: readonly string[],
  isLast: boolean,
  top: number,
): { svg: string[]; bottom: number } {
  const svg = [element('line', { x1: PAGE_MARGIN, x2: PAGE_WIDTH - PAGE_MARGIN, y1: top, y2: top, class: 'grid' })];
  let y = top + 4;
  const said = (className: string, value: string, indent: number): void => {
    for (const line of wrapWords(value, (ACTIONS - indent) / LABEL_LETTER))
      svg.push(text(PAGE_MARGIN + indent, (y += LINE) - 3, className, line));
  };
  if (step.done.length === 0) said('small who', step.number === '0' ? 'At first' : step.number, 0);
  for (const { who, actions } of step.done) {
    said('small who', `${step.number}. ${who}`, 0);
    for (const [index, action] of actions.entries())
      said(isLast && index === actions.length - 1 ? 'small alarm' : 'small', action, 12);
  }
  for (const [head, value] of step.rest) if (value !== '') said('note', `${head}: ${value}`, 0);
  const isFirst = step.done.length === 0 && before.length === 0;
  const left = isFirst
    ? top
    : drawEntries(
        svg,
        before,
        (entry) => (step.entries.some((one) => keyOf(one) === keyOf(entry)) ? '' : ' gone'),
        BEFORE,
        top,
      );
  const changed = (entry: string): string => (isFirst || before.includes(entry) ? '' : ' changed');
  const right = drawEntries(svg, step.entries, changed, AFTER, top);
  return { svg, bottom: Math.max(y, left, right) + 8 };
}

/** Draws entries below one another; tells how far down they go. */
function drawEntries(
  svg: string[],
  entries: readonly string[],
  classOf: (entry: string) => string,
  x: number,
  top: number,
): number {
  let y = top + 6;
  for (const entry of entries) {
    const className = classOf(entry);
    const lines = wrapWords(
      `${className === ' changed' ? `${MARK} ` : ''}${entry}`,
      (BOX - BOX_PADDING) / LABEL_LETTER,
    );
    const height = lines.length * LINE + 4;
    svg.push(element('rect', { x, y, width: BOX, height, rx: 3, class: `box${className}` }));
    for (const [index, line] of lines.entries())
      svg.push(text(x + BOX_PADDING / 2, y + (index + 1) * LINE - 2, 'small', line));
    y += height + BOX_GAP;
  }
  return y;
}

function describe({ opening, steps, conclusion }: Story): string {
  const told = steps.map(({ number, done, entries }, index) => {
    const before = steps[index - 1]?.entries ?? [];
    const changed = entries.filter((entry) => !before.includes(entry));
    const acts = done.map(({ who, actions }) => `${who} ${actions.join(', ')}`).join('; ');
    return `Step ${number}: ${acts}${acts === '' ? '' : '; '}${changed.length === 0 ? 'the table stays' : `then ${changed.join(', ')}`}.`;
  });
  return [opening, ...told, conclusion].join(' ');
}
