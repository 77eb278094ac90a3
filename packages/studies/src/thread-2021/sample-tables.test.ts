import { describe, expect, it } from 'vitest';
import type { SampleScenario } from '../questions/claim.ts';
import { runScenario } from '../questions/run-scenario.ts';
import { QUESTIONNAIRE } from './questions.ts';

function sample(one: string, other: string, scripts: number) {
  const scenario: SampleScenario = {
    kind: 'sample',
    subjects: [one, other],
    seed: 7,
    scripts,
    operations: 30,
    expects: 'the same',
  };
  const found = runScenario(scenario, QUESTIONNAIRE.cast);
  if (found.kind !== 'sample') throw new Error('a result is not of its scenario');
  return found;
}

describe('tables of 512 entries under two strategies', () => {
  it('are the same where both are right, over many coalesces', () => {
    const found = sample('install-first-uniform-cmo', 'full-population-check', 40);
    expect(found).toMatchObject({ found: 'the same', operations: 1200 });
    expect(found.coalesces).toBeGreaterThan(50);
  });

  it('are the same for the same seed', () => {
    expect(sample('baseline', 'install-first-no-cmo', 5)).toEqual(sample('baseline', 'install-first-no-cmo', 5));
  });

  it.each(['install-first-follow-unused', 'install-first-follow-lost'])('are others under %s', (mistaken) => {
    expect(sample('baseline', mistaken, 5).found).toBe('another table');
  });

  it('show a post visitor that fails', () => {
    expect(sample('baseline-failing-in-post', 'baseline', 5).found).toBe('an error');
  });
});
