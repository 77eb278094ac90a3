/** A field of colours with values in it: the darker, the more. */
import { element, text } from './element.ts';

/** From the begin of one row of fields to that of the next. */
export const FIELD_HEIGHT = 26;
/** Of the letters in them. */
export const FIELD_STYLE = '.on-light{fill:#000000}.on-dark{fill:#ffffff}';

const FIRST_DARK_STEP = 5;

/** Steps of colour, light to dark: eight, so that the letters are to be read on each. */
export type ColourSteps = readonly [string, string, string, string, string, string, string, string];

/**
 * Draws one.
 *
 * @param share - from 0, which is the lightest, to 1, which is the darkest
 * @returns its rectangle and its value
 */
export function colourField(
  steps: ColourSteps,
  share: number,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  value: string,
): readonly [string, string] {
  const step = Math.min(steps.length - 1, Math.floor(share * steps.length));
  return [
    element('rect', { x, y, width: width - 1, height: FIELD_HEIGHT - 1, fill: steps[step] ?? '' }),
    text(x + width / 2, y + 17, `small middle ${step >= FIRST_DARK_STEP ? 'on-dark' : 'on-light'}`, value),
  ];
}
