import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseResultDocument, renderLetter, type ResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { PRESETS } from './index.ts';

const letters = PRESETS.flatMap(({ name, letter }) => (letter === undefined ? [] : [{ name, template: letter }]));

/** What a template may say of itself: vCPUs, sizes and releases of its matrix. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  'clean-before-break': ['1', '2', '20', '5.12', '6.12', '64'],
  'log-stop': ['2', '32', '6.12', '64'],
  'install-first': ['1', '2', '2021', '5.12', '64', '8'],
  'eager-split': ['1', '128', '2', '2023', '512', '6.12', '64'],
  matrix: ['1', '2', '2021', '20', '4', '5.12', '64'],
};

const read = (report: string, name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../reports/${report}/${name}`, import.meta.url)), 'utf8');
const resultsOf = (report: string): ResultDocument => parseResultDocument(read(report, 'results.json'), 'results.json');

describe.each(letters)('the committed letter $name', ({ name, template }) => {
  const letter = read(name, 'letter.txt');

  it('is what the template and the committed results give', () => {
    expect(renderLetter(resultsOf(name), template)).toBe(letter);
  });

  it('is ASCII in 72 columns', () => {
    expect(letter).toMatch(/^[\n -~]+$/);
    expect(letter).not.toContain('?'.repeat(2));
    expect(letter.split('\n').filter((line) => line.length > 72)).toEqual([]);
  });

  it('has no figure of its own but names, sizes and vCPUs of the matrix', () => {
    const own = template.replaceAll(/\{[^{}]*\}/g, '').match(/\d+(\.\d+)?/g);
    expect(new Set(own)).toEqual(new Set(OWN[name]));
  });

  it('names the command of its results', () => {
    expect(letter).toContain(`npx ${resultsOf(name).command}`);
  });

  it('takes a changed result for what it is', () => {
    const changed = resultsOf(name);
    for (const result of changed.cells)
      if (result.status === 'ok') for (const stage of Object.values(result.stages)) stage.timeNs *= 2;
    expect(renderLetter(changed, template)).not.toBe(letter);
  });
});

describe('renderLetter', () => {
  it.each([
    ['{time baseline v5.12p1 21 1G}', /0 cells with ADJUST/],
    ['{time clean-before-break 20 1G}', /3 cells with ADJUST/],
    ['{speed baseline v5.12p1 20 1G}', /no such figure/],
  ])('refuses %s', (template, message) => {
    expect(() => renderLetter(resultsOf('clean-before-break'), template)).toThrow(message);
  });

  it('says of each strategy what it was found to be, and where, if that is not everywhere', () => {
    const document = resultsOf('log-stop');
    for (const result of document.cells) {
      if (result.status !== 'ok') continue;
      const { strategy, profile } = result.cell;
      const isZap = strategy.endsWith('+recover-zap') && profile === 'kunpeng920';
      result.verdict = isZap ? { status: 'unsafe', rule: 'data-coherency' } : { status: 'safe' };
    }
    const text = renderLetter(document, '{verdicts}.').replaceAll(/\s+/g, ' ');
    expect(text).toContain('unsafe (data-coherency): upstream-6-2+recover-zap (kunpeng920)');
    expect(text).toContain('upstream-6-2+recover-zap (assumed-fwb)');
  });
});
