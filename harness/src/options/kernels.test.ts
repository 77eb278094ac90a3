import { kernelModelOf } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { exploredKernel, isLaterUpstream, requireWritten, upstreamOf, upstreamOn } from './kernels.ts';

describe('upstream', () => {
  it.each([
    ['v5.11', 'baseline'],
    ['v5.12p1?aligned-walk=on', 'baseline'],
    ['v5.14', 'upstream-5-14'],
    ['v6.1', 'upstream-5-14'],
    ['v6.2', 'upstream-6-2'],
    ['v7.1', 'upstream-6-2'],
  ])('is under %s the strategy %s', (kernel, strategy) => {
    expect(upstreamOf(kernelModelOf(kernel))).toBe(strategy);
  });

  it('is each of them once, and later ones are not meant where nothing was asked for', () => {
    expect(upstreamOn(['v5.12', 'v6.1', 'v5.14', 'v5.12p1'])).toEqual(['baseline', 'upstream-5-14']);
    expect(['baseline', 'upstream-5-14', 'upstream-6-2', 'mine'].filter(isLaterUpstream)).toEqual([
      'upstream-5-14',
      'upstream-6-2',
    ]);
  });
});

describe('a kernel model', () => {
  it('is explored with one relaxation at a time, and says so in its name', () => {
    expect(exploredKernel(kernelModelOf('v5.12'), '--kernel')).toBe('v5.12');
    expect(exploredKernel(kernelModelOf('v6.1'), '--kernel')).toBe('v6.1?relax-lock=exclusive');
    expect(exploredKernel(kernelModelOf('v6.1?unmap-hint=own'), '--kernel')).toBe(
      'v6.1?unmap-hint=own&relax-lock=exclusive',
    );
    expect(exploredKernel(kernelModelOf('v6.4?map-lock=exclusive'), '--kernel')).toBe('v6.4?map-lock=exclusive');
  });

  it.each(['v6.2', 'v6.12', 'v7.1'])('is explored as it is where map faults share mmu_lock: %s', (kernel) => {
    expect(exploredKernel(kernelModelOf(kernel), '--kernel')).toBe(kernel);
  });

  it.each([
    [
      'v6.12?map-lock=exclusive',
      'a TLBI that one core does for itself alone is explored where map faults share mmu_lock',
    ],
    ['v6.1?relax-lock=shared', 'relaxations alone that share mmu_lock are not interleaved; leave relax-lock out'],
  ])('is refused as %s', (kernel, message) => {
    expect(() => exploredKernel(kernelModelOf(kernel), '--kernel')).toThrow(`--kernel ${kernel}: ${message}`);
  });

  it('refuses a strategy that is not written for its walker, by name', () => {
    const label = '--strategy mine';
    requireWritten({ name: 'mine' }, kernelModelOf('v6.1'), label);
    requireWritten({ name: 'mine', walkers: ['v5', 'v6'] }, kernelModelOf('v7.1'), label);
    expect(() => requireWritten({ name: 'mine' }, kernelModelOf('v6.2'), label)).toThrow(
      '--strategy mine: strategy mine is written for the walker v5 (v5.11 to v6.1); kernel v6.2 has v6 (v6.2 and later)',
    );
    expect(() => requireWritten({ name: 'mine', walkers: ['v6'] }, kernelModelOf('v6.1'), label)).toThrow(
      'strategy mine is written for the walker v6 (v6.2 and later); kernel v6.1 has v5 (v5.11 to v6.1)',
    );
  });
});
