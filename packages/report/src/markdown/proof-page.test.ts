import { describe, expect, it } from 'vitest';
import { renderProofPage } from './proof-page.ts';

describe('renderProofPage', () => {
  const broken = [
    { rule: 'first-rule', sentence: 'One thing holds.', world: 'small', text: '# │ vCPU 0\n1 │ *stores*' },
    { rule: 'second-rule', sentence: 'Another holds.', world: 'large', text: 'b\n' },
  ];
  const text = renderProofPage({
    file: 'pages/a.md',
    strategy: 'mine',
    history: 'block-first',
    fwb: false,
    command: 's2bench verify mine',
    broken,
  });

  it('has a section for each rule, with its steps as they are', () => {
    expect(text.split('\n')[0]).toBe('# `mine` under `block-first` without FEAT_S2FWB: unsafe');
    expect(text).toContain(
      '## `first-rule`\n\nOne thing holds.\n\nWorld `small`:\n\n```text\n# │ vCPU 0\n1 │ *stores*\n```\n',
    );
    expect(text).toContain('## `second-rule`');
  });

  it('links to the report, and says how to see it again', () => {
    expect(text).toContain('[report](../README.md)');
    expect(text).toContain('```sh\ns2bench verify mine\n```');
  });
});
