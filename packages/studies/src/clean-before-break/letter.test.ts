import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseResultDocument, renderLetter } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { LETTER } from './letter.ts';

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../reports/clean-before-break/${name}`, import.meta.url)), 'utf8');
const document = parseResultDocument(read('results.json'), 'results.json');
const letter = read('letter.txt');

describe('the committed letter', () => {
  it('is what the template and the committed results give', () => {
    expect(renderLetter(document, LETTER)).toBe(letter);
  });

  it('is ASCII in 72 columns', () => {
    expect(letter).toMatch(/^[\n -~]+$/);
    expect(letter).not.toContain('?'.repeat(2));
    expect(letter.split('\n').filter((line) => line.length > 72)).toEqual([]);
  });

  it('has no figure of its own but names, sizes and vCPUs of the matrix', () => {
    const own = LETTER.replaceAll(/\{[^{}]*\}/g, '').match(/\d+(\.\d+)?/g);
    expect(new Set(own)).toEqual(new Set(['1', '2', '20', '5.12', '6.12', '64']));
  });

  it('names the command of its results', () => {
    expect(letter).toContain(`npx ${document.command}`);
  });
});

describe('renderLetter', () => {
  it('takes a changed result for what it is', () => {
    const changed = JSON.parse(JSON.stringify(document)) as typeof document;
    for (const result of changed.cells)
      if (result.status === 'ok' && result.stages['ADJUST'] !== undefined) result.stages['ADJUST'].timeNs *= 2;
    expect(renderLetter(changed, LETTER)).not.toBe(letter);
  });

  it.each([
    ['{time baseline v5.12p1 21 1G}', /0 cells with ADJUST/],
    ['{speed baseline v5.12p1 20 1G}', /no such figure/],
  ])('refuses %s', (template, message) => {
    expect(() => renderLetter(document, template)).toThrow(message);
  });
});
