import { describe, expect, it } from 'vitest';
import { renderCounterexample } from './picture.ts';
import { readSteps } from './read-steps.ts';

const TEXT = `The host has written pages 0 to 3; the guest ran on
blocks.

# │ vCPU 0                │ host                 │ stage-2 table         │ not at PoC
──┼───────────────────────┼──────────────────────┼───────────────────────┼───────────
0 │                       │                      │ root[0] table t1      │ –
  │                       │                      │ t1[3] page 3 rw-      │
──┼───────────────────────┼──────────────────────┼───────────────────────┼───────────
1 │ pins the host page;   │                      │ root[0] invalid (was  │ 2
  │   will map block 0-3  │                      │   table t1)           │
  │ takes mmu_lock        │                      │                       │
──┼───────────────────────┼──────────────────────┼───────────────────────┼───────────
2 │                       │ loads page 2: breaks │ root[0] invalid (was  │ 2
  │                       │   data-coherency     │   table t1)           │

vCPU 0 gets <old> data.
`;

describe('the steps of a counterexample', () => {
  it('are read out of its text', () => {
    const story = readSteps(TEXT);
    expect(story?.opening).toBe('The host has written pages 0 to 3; the guest ran on blocks.');
    expect(story?.conclusion).toBe('vCPU 0 gets <old> data.');
    expect(story?.steps.map(({ entries }) => entries)).toEqual([
      ['root[0] table t1', 't1[3] page 3 rw-'],
      ['root[0] invalid (was table t1)'],
      ['root[0] invalid (was table t1)'],
    ]);
    expect(story?.steps[1]?.done).toEqual([
      { who: 'vCPU 0', actions: ['pins the host page; will map block 0-3', 'takes mmu_lock'] },
    ]);
    expect(story?.steps[1]?.rest.get('not at PoC')).toBe('2');
  });

  it('are none in another text', () => {
    expect(readSteps('no table at all')).toBeUndefined();
    expect(renderCounterexample('# │ a │ b\n──┼───┼──\n0 │ x │ y\n')).toBeUndefined();
  });
});

describe('the picture of a counterexample', () => {
  const svg = renderCounterexample(TEXT) ?? '';

  it('says in its title what comes of it, and is the same each time', () => {
    expect(svg).toContain('<title id="title">vCPU 0 gets &lt;old&gt; data</title>');
    expect(renderCounterexample(TEXT)).toBe(svg);
  });

  it('marks what a step has changed, and what is gone after it', () => {
    expect(svg.match(/class="box changed"/g)).toHaveLength(1);
    expect(svg.match(/class="box gone"/g)).toHaveLength(1);
    expect(svg).toContain('▸ root[0] invalid');
    // Before and after, two steps of one entry and the beginning.
    expect(svg.match(/class="box[^"]*"/g)).toHaveLength(2 + 2 + 1 + 1 + 1);
  });

  it('tells it in words', () => {
    expect(svg).toContain(
      'Step 1: vCPU 0 pins the host page; will map block 0-3, takes mmu_lock; then root[0] invalid',
    );
    expect(svg).toContain('breaks data-coherency; the table stays.');
  });

  it('stays within its page', () => {
    const height = Number(/viewBox="0 0 540 (\d+)"/.exec(svg)?.[1]);
    for (const [, y] of svg.matchAll(/ y="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
  });

  it('has no table before over the table after', () => {
    const boxes = [...svg.matchAll(/<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]*class="box/g)].map(
      ([, x, width]) => [Number(x), Number(x) + Number(width)] as const,
    );
    const lefts = [...new Set(boxes.map(([left]) => left))].sort((a, b) => a - b);
    expect(lefts).toHaveLength(2);
    for (const [left, right] of boxes) if (left === lefts[0]) expect(right).toBeLessThan(lefts[1] ?? 0);
  });
});
