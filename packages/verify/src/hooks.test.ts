/** What is done where logging stops is explored chunk by chunk beside faults: each mistake is found, by the rule that it breaks. */
import {
  defineStrategy,
  type LogOperation,
  type LogPhase,
  OK,
  SKIP_BELOW,
  type Strategy,
  withHooks,
} from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { HOOK_WORLDS } from './worlds/hook-worlds.ts';
import { verifyWorld } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

/** What a step of a collapse may do otherwise. */
interface Way {
  readonly flush?: (log: LogOperation) => void;
  readonly mayHaveHoles?: boolean;
  readonly keepsRights?: boolean;
  readonly freesFirst?: boolean;
  readonly drops?: boolean;
  readonly leaks?: boolean;
  /** Does not ask what the host has there, and takes the huge page that the first page would be of. */
  readonly asksNobody?: boolean;
}

/** Makes a block of each table below an entry that may be one. */
function collapse(way: Way, chunkLevel: number): LogPhase {
  return {
    name: 'collapse',
    chunkLevel,
    run(log) {
      log.walk({
        tablePre(entry) {
          if (way.asksNobody === true ? !log.mayBeBlock(entry) : !log.hostBlock(entry)) return;
          const table = log.childOf(entry);
          const rights = { writable: true, executable: true };
          const seen = { first: -1, isFull: true };
          log.walkLeaves(table, (leaf) => {
            if (!leaf.valid) seen.isFull = false;
            else if (seen.first < 0) seen.first = leaf.outputAddress;
            rights.writable &&= leaf.writable || way.keepsRights !== true;
            rights.executable &&= leaf.executable;
          });
          if (way.asksNobody === true) seen.first -= seen.first % entry.sizeBytes;
          if (seen.first % entry.sizeBytes !== 0 || (!seen.isFull && way.mayHaveHoles !== true)) return;
          if (way.freesFirst === true) log.freeBelow(table);
          log.invalidate(entry);
          (way.flush ?? ((each) => each.tlbiVmid()))(log);
          log.install(entry, { outputAddress: seen.first, ...rights });
          if (way.drops === true) log.put(entry);
          if (way.freesFirst !== true && way.leaks !== true) log.freeBelow(table);
          return SKIP_BELOW;
        },
      });
    },
  };
}

function stops(way: Way, chunkLevel = 2): Strategy {
  const hook = defineStrategy({
    name: 'of-the-test',
    summary: 'collapses',
    source: 'of this test',
    walkers: ['v5', 'v6'],
    logStop: [collapse(way, chunkLevel)],
  });
  const both = defineStrategy({
    ...takeDownFirst,
    walkers: ['v5', 'v6'],
    v6: {
      tablePre(entry, map) {
        if (!map.leafAllowed(entry)) return;
        const table = map.childOf(entry);
        const rc = map.tryLeaf(entry);
        if (rc === OK) map.freeUnlinked(table, entry.level);
        return rc;
      },
    },
  });
  return withHooks(both, { stop: hook });
}

const [loggingStops, , overSmallPages] = HOOK_WORLDS;
const EXPLORED = ['v5.14', 'v6.12'] as const;

function brokenIn(strategy: Strategy, kernel: string, world = worldOf('full-table')) {
  const { rule, verdict } = verifyWorld(strategy, world, { history: 'logging-first', fwb: false, kernel });
  return rule ?? verdict;
}

describe.each(EXPLORED)('a collapse where logging stops, under %s', (kernel) => {
  it('is safe by break-before-make, one block or all in one hold of the lock', () => {
    // Where sections share the lock, the larger world is explored by the tests of each package.
    expect(brokenIn(stops({ keepsRights: true }), kernel, kernel === 'v5.14' ? loggingStops : undefined)).toBe('safe');
    expect(brokenIn(stops({ keepsRights: true }, 1), kernel)).toBe('safe');
  });
  it.each<[string, Way, string]>([
    ['flushes nothing', { keepsRights: true, flush: () => undefined }, 'break-before-make'],
    ['frees a table that a walker may be in', { keepsRights: true, freesFirst: true }, 'walker-safety'],
    ['drops a reference that the block needs', { keepsRights: true, drops: true }, 'accounting'],
    ['forgets the table page', { keepsRights: true, leaks: true }, 'accounting'],
  ])('is found out where it %s', (_what, way, rule) => {
    expect(brokenIn(stops(way), kernel)).toBe(rule);
  });
});

describe('what a hook maps', () => {
  it('may not be a huge page of the host that is there no more', () => {
    const wrong = stops({ keepsRights: true, asksNobody: true });
    expect(brokenIn(wrong, 'v5.14', overSmallPages)).toBe('mapping');
    expect(brokenIn(stops({ keepsRights: true }), 'v5.14', overSmallPages)).toBe('safe');
  });
  it('may not have rights that no fault has asked for', () => {
    expect(brokenIn(stops({}), 'v5.14')).toBe('mapping');
  });
  it('may not be a page that nothing mapped', () => {
    expect(brokenIn(stops({ keepsRights: true, mayHaveHoles: true }), 'v5.14', worldOf('partial-table'))).toBe(
      'mapping',
    );
  });
});
