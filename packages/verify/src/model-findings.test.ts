/** The kernel model's own mistakes are found, named and told apart from what a strategy does. */
import { KERNEL_FLAWS, kernelModelOf } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { LENIENT, STRICTEST } from './hardware/architecture.ts';
import { modelFindings } from './model-findings.ts';
import { verifyWorld } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

describe('what the kernel model breaks by itself', () => {
  it('is found with the commit that mended it, and the option that does', () => {
    expect(modelFindings().map(({ rule, mendedBy, mendedModel }) => [rule, mendedBy, mendedModel])).toEqual([
      ['walker-safety', 'linux 36e008323926 (2024)', 'v5.12p1?unmap-hint=unknown'],
      ['mapping', 'linux 357ad203d45c (2021)', 'v5.12p1?aligned-walk=on'],
    ]);
  });

  it('has a counterexample in which no strategy’s visitor takes part', () => {
    const [hint] = modelFindings();
    expect(hint?.counterexample).toMatchObject({ strategy: 'stock', arch: 'strictest' });
    expect(hint?.counterexample.conclusion).toMatch(/given back while a walk may hold a pointer to it/);
    expect(hint?.counterexample.rows.flatMap(({ actions }) => actions).join()).toContain('page 0, level 2');
  });

  it('is not found on hardware that does not take hints at their word', () => {
    expect(modelFindings(LENIENT).map(({ rule }) => rule)).toEqual(['mapping']);
  });

  it('is not found in a model that has it mended', () => {
    expect(modelFindings(STRICTEST, 'v5.12p1?unmap-hint=unknown').map(({ rule }) => rule)).toEqual(['mapping']);
    expect(modelFindings(STRICTEST, 'v5.12p1?unmap-hint=unknown&aligned-walk=on')).toEqual([]);
    const mended = kernelModelOf('v5.12p1?unmap-hint=unknown&aligned-walk=on');
    expect(KERNEL_FLAWS.filter((flaw) => flaw.isIn(mended))).toEqual([]);
  });

  it.each([
    ['v6.4', ['linux 36e008323926 (2024)']],
    ['v6.6', ['linux 36e008323926 (2024)', 'linux f62d4c3eb687 (2024)']],
    ['v6.12', []],
  ])('is found in %s, whose map faults share mmu_lock', (kernel, commits) => {
    expect(modelFindings(STRICTEST, kernel).map(({ mendedBy }) => mendedBy)).toEqual(commits);
  });

  it.each(['partial-unmap', 'slot-move'])('leaves a strategy safe in %s, and shows there where it is kept', (name) => {
    const options = { history: 'logging-first', fwb: true } as const;
    expect(verifyWorld(takeDownFirst, worldOf(name), options).verdict).toBe('safe');
    const kept = { ...options, flaws: KERNEL_FLAWS };
    expect(verifyWorld(takeDownFirst, worldOf(name), kept).rule).toBe('walker-safety');
    expect(verifyWorld(takeDownFirst, worldOf(name), { ...kept, arch: LENIENT }).verdict).toBe('safe');
  });
});
