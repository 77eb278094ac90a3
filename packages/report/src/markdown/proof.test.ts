import { describe, expect, it } from 'vitest';
import type { ProofDocument } from '../proof.ts';
import { renderProof } from './proof.ts';

const DOCUMENT: ProofDocument = {
  title: 'Answers',
  introduction: ['Asked of `baseline`.'],
  bounds: ['four entries a table'],
  command: 's2bench verify',
  claims: [
    {
      number: 1,
      title: 'Is it full?',
      question: 'Somebody asked | whether it is full.',
      source: 'comment #4',
      verdict: 'Refuted',
      answer: 'It is not, in `partial-table`.',
      evidence: '2 worlds, 10 states',
      tables: [
        {
          caption: 'What was run',
          columns: [
            { label: 'world', align: 'left' },
            { label: 'states', align: 'right' },
          ],
          rows: [['`a|b`', '10']],
          folded: false,
        },
        { caption: 'More < of it', columns: [{ label: 'world', align: 'left' }], rows: [['c']], folded: true },
      ],
      steps: [
        {
          caption: 'To a partial table',
          opening: 'Nothing is mapped.',
          rows: '1 | loads page 0',
          conclusion: 'It is not full.',
        },
      ],
      bounds: ['tables of `512` entries'],
    },
    {
      number: 2,
      title: 'Is that all?',
      question: 'It is?',
      source: 'comment #5',
      verdict: 'Holds',
      answer: 'Yes.',
      evidence: '',
      tables: [],
      steps: [],
      bounds: [],
    },
  ],
};

describe('a page of answers', () => {
  const text = renderProof(DOCUMENT);

  it('begins with a line for each answer', () => {
    expect(text).toMatch(/\| 1 +\| Is it full\? +\| \*\*Refuted\*\* +\| 2 worlds, 10 states +\|/);
    expect(text.indexOf('| 2 ')).toBeLessThan(text.indexOf('## 1. Is it full?'));
  });

  it('has what was asked and where, the answer, what was run, the steps and the bounds of each', () => {
    const section = text.slice(text.indexOf('## 1.'), text.indexOf('## 2.'));
    expect(section).toContain('Somebody asked | whether it is full. (comment #4)');
    expect(section).toContain('**Refuted.** It is not, in `partial-table`.');
    expect(section).toContain('| `a\\|b` |     10 |');
    expect(section).toContain('<summary>More &lt; of it</summary>');
    expect(section).toContain('```text\n1 | loads page 0\n```\n\n**It is not full.**');
    expect(section).toContain('Not shown:\n\n- tables of `512` entries');
  });

  it('leaves out what a claim does not have', () => {
    const section = text.slice(text.indexOf('## 2.'), text.indexOf('## Reproduce'));
    expect(section.trim()).toBe('## 2. Is that all?\n\nIt is? (comment #5)\n\n**Holds.** Yes.');
  });
});
