/** The conditions of `--fail-on`. */
import { parseThreshold, type Threshold, ThresholdError } from '@s2bench/report';
import { nearestName, UsageError } from '../../cli/errors.ts';

/**
 * Reads conditions.
 *
 * @param texts - each may hold several, separated by commas
 * @throws UsageError with the nearest name where one is unknown
 */
export function parseThresholds(texts: readonly string[]): readonly Threshold[] {
  return texts.flatMap((text) => text.split(',').map((part) => parseOne(part.trim())));
}

function parseOne(text: string): Threshold {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const nearest = nearestName(error.written, error.candidates);
    const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    throw new UsageError(`--fail-on ${text === '' ? '""' : text}: ${error.message}${suggestion}`);
  }
}
