/** Hooks where logging changes: in which task, in which chunks, and what their words do to a table. */
import { defineStrategy, ENOMEM, type LogHooks, type LogOperation } from '@s2bench/core';
import { EventLog, findEntry, IgnoreEffects, levelOfEntry, makeGeometry, S2AP_WRITE } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { Backing } from '../backing.ts';
import { kernelModelOf } from '../kernel-model.ts';
import { MemoryCache } from '../memory-cache.ts';
import type { DirtyLogSettings } from '../stage2-mmu.ts';
import type { HostRequest } from '../tasks/host.ts';
import { runSection } from '../tasks/task.ts';
import { VirtualMachine } from '../virtual-machine.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
/** Two blocks below a border of 1G, so that the first chunk of a level begins inside of an entry. */
const BASE = 2 ** 30 - 2 * BLOCK;
const BLOCKS = 4;
const READ_ONLY = { read: true, write: false, execute: false, device: false };
const WALK = { shared: false, fault: true, pagesOnly: false };
const PUT_OFF: DirtyLogSettings = { manualProtect: true, initiallySet: true, splitChunkBytes: BLOCK };

function machine(hooks: LogHooks, { kernel = 'v6.12', fwb = false, dirtyLog }: Options = {}) {
  const about = { name: 'of-the-test', summary: 'hooks', source: 'of this test', v6: {} };
  const vm = new VirtualMachine({
    geometry: makeGeometry(PAGE, 40),
    kernel: kernelModelOf(kernel),
    strategy: defineStrategy({ ...about, walkers: ['v5', 'v6'], ...hooks }),
    fwb,
    ...(dirtyLog && { dirtyLog }),
    effects: new IgnoreEffects(),
  });
  const sizeBytes = BLOCKS * BLOCK;
  const shape = { kind: 'hugetlb', pageSizeBytes: PAGE, blockBytes: BLOCK, hostAddress: 2 ** 46 + BASE } as const;
  const backing = new Backing({ ...shape, sizeBytes, physAddress: 2 ** 42 });
  const slot = vm.addSlot({ baseIpa: BASE, sizeBytes, backing, backingOffsetBytes: 0, logging: false });
  const log = new EventLog(vm.origin, () => 0);
  vm.effects = log.sink;
  const cache = new MemoryCache(Infinity);
  const mapPages = (block: number, pages: number): void => {
    for (let page = 0; page < pages; page++) {
      const at = block * BLOCK + page * PAGE;
      vm.code.map(BASE + at, PAGE, 2 ** 42 + at, READ_ONLY, cache, WALK);
    }
  };
  const mapBlock = (block: number): void =>
    void vm.code.map(BASE + block * BLOCK, BLOCK, 2 ** 42 + block * BLOCK, READ_ONLY, cache, WALK);
  /** Runs a task; the value is its phases in the order in which they had the lock, or did without. */
  const host = (request: HostRequest): string[] => {
    const task = vm.begin(request);
    const phases: string[] = [];
    while (task.phase !== undefined) {
      phases.push(task.phase.name);
      runSection(task, vm.origin);
    }
    return phases;
  };
  const leafAt = (ipa: number) => {
    const entry = findEntry(vm.table, ipa) ?? 0;
    return { level: levelOfEntry(vm.table, entry), writable: (vm.table.low(entry) & S2AP_WRITE) !== 0 };
  };
  return { vm, slot, host, leafAt, log, mapPages, mapBlock };
}

interface Options {
  readonly kernel?: string;
  readonly fwb?: boolean;
  readonly dirtyLog?: DirtyLogSettings;
}

/** A hook that notes the ranges that it is given. */
function noting(chunkLevel?: number): { ranges: [number, number][]; phase: NonNullable<LogHooks['logStop']>[number] } {
  const ranges: [number, number][] = [];
  const run = ({ address, sizeBytes }: LogOperation): void => void ranges.push([address - BASE, sizeBytes]);
  return { ranges, phase: { name: 'note', ...(chunkLevel !== undefined && { chunkLevel }), run } };
}

describe('the phases of a hook', () => {
  it('follow those of the task where logging stops, and hold the lock alone, from border to border of a level', () => {
    const whole = noting();
    const large = noting(1);
    const small = { ...noting(2), phase: { ...noting(2).phase, name: 'small' } };
    const { slot, host, vm } = machine({ logStop: [whole.phase] });
    slot.logging = true;
    expect(host({ do: 'log-off', slot })).toEqual(['switch', 'drain', 'hook-note']);
    expect(whole.ranges).toEqual([[0, BLOCKS * BLOCK]]);
    expect(vm.phases.host['log-off']['hook-note']).toMatchObject({ lock: 'exclusive', relocks: true });
    const chunked = machine({ logStop: [large.phase, small.phase] });
    chunked.slot.logging = true;
    const names = chunked.host({ do: 'log-off', slot: chunked.slot });
    expect(names.slice(2)).toEqual([...Array<string>(2).fill('hook-note'), ...Array<string>(4).fill('hook-small')]);
    expect(large.ranges).toEqual([
      [0, 2 * BLOCK],
      [2 * BLOCK, 2 * BLOCK],
    ]);
  });
  it('end where one says an errno, and the next phase goes on', () => {
    const phase = { name: 'fail', chunkLevel: 2, run: () => ENOMEM };
    const { slot, host } = machine({ logStop: [phase, noting().phase] });
    slot.logging = true;
    expect(host({ do: 'log-off', slot }).slice(2)).toEqual(['hook-fail', 'hook-note']);
  });
  it('are no part of a task that changes nothing', () => {
    const { slot, host } = machine({ logStop: [noting().phase], logStart: [noting().phase] });
    expect(host({ do: 'log-off', slot })).toEqual(['switch']);
  });
  it('stand in the place of what the release splits where logging starts, and are put off to CLEAR where all is dirty at first', () => {
    const start = noting();
    const clear = noting();
    const hooks = { logStart: [start.phase], logClear: [clear.phase] };
    const now = machine(hooks, { dirtyLog: { ...PUT_OFF, initiallySet: false } });
    expect(now.host({ do: 'log-on', slot: now.slot })).toEqual(['switch', 'write-protect', 'hook-note']);
    expect(now.host({ do: 'clear-log', slot: now.slot, offset: 0, sizeBytes: BLOCK })).toEqual(['clear', 'hook-note']);
    expect([start.ranges.length, clear.ranges.length]).toEqual([1, 0]);
    const later = machine(hooks, { dirtyLog: PUT_OFF });
    expect(later.host({ do: 'log-on', slot: later.slot })).toEqual(['switch', 'write-protect']);
    later.host({ do: 'clear-log', slot: later.slot, offset: BLOCK, sizeBytes: BLOCK });
    expect(clear.ranges).toEqual([[BLOCK, BLOCK]]);
  });
});

describe('the words of a hook', () => {
  it('walk those entries that lie whole in the range, tables before and after what is below, and leaves', () => {
    const seen: string[] = [];
    const { slot, host, mapPages, mapBlock } = machine({
      logStop: [
        {
          name: 'walk',
          chunkLevel: 1,
          run: (log) =>
            log.walk({
              tablePre: ({ level, address }) => void seen.push(`pre ${level} ${(address - BASE) / BLOCK}`),
              tablePost: ({ level }) => void seen.push(`post ${level}`),
              leaf: ({ level, valid }) => {
                if (valid) seen.push(`leaf ${level}`);
              },
            }),
        },
      ],
    });
    mapPages(1, 2);
    mapBlock(2);
    slot.logging = true;
    host({ do: 'log-off', slot });
    expect(seen).toEqual(['pre 2 1', 'leaf 3', 'leaf 3', 'post 2', 'leaf 2']);
  });
  it.each(['v5.12', 'v6.12'])(
    'make a block of a table with the rights that are given, every count right, under %s',
    (kernel) => {
      const { slot, host, leafAt, mapPages, log, vm } = machine(
        {
          logStop: [
            {
              name: 'collapse',
              run: (log) =>
                log.walk({
                  tablePost(entry) {
                    if (!log.hostBlock(entry)) return;
                    const table = log.childOf(entry);
                    const references: number[] = [];
                    log.walkTables(table, (page) => void references.push(page.references));
                    expect(references).toEqual([513]);
                    log.invalidate(entry);
                    log.tlbiRange(entry.address, entry.sizeBytes);
                    log.install(entry, { outputAddress: 2 ** 42, writable: false, executable: false });
                    log.freeBelow(table);
                  },
                }),
            },
          ],
        },
        { kernel },
      );
      mapPages(0, 512);
      slot.logging = true;
      const before = log.length;
      host({ do: 'log-off', slot });
      expect(leafAt(BASE)).toEqual({ level: 2, writable: false });
      const effects = [...log].slice(before).map(({ effect }) => effect);
      expect(effects.filter((effect) => /^(entryInvalidated|tlbi|leafInstalled|tableFreed)/.test(effect))).toEqual([
        'entryInvalidated',
        'tlbiVmid',
        'leafInstalled',
        'tableFreed',
      ]);
      vm.code.destroy();
      expect([...vm.table.arena.liveSlots()]).toEqual([]);
    },
  );
  it('know what could be a block: not beside the slot, nor at level 3, nor where the host has pages', () => {
    const answers: [number, boolean, boolean][] = [];
    const { slot, host, mapPages } = machine({
      logStop: [
        {
          name: 'ask',
          run: (log) => {
            log.walk({
              tablePre: (entry) => void answers.push([entry.level, log.mayBeBlock(entry), log.hostBlock(entry)]),
              leaf: (entry) => {
                if (entry.valid) answers.push([entry.level, log.mayBeBlock(entry), log.hostBlock(entry)]);
              },
            });
          },
        },
      ],
    });
    mapPages(0, 1);
    slot.logging = true;
    host({ do: 'log-off', slot });
    expect(answers).toEqual([
      [2, true, true],
      [3, false, false],
    ]);
  });
  it('clean what a leaf maps, and not with FEAT_S2FWB', () => {
    const cleaned = (fwb: boolean): number => {
      const { slot, host, mapPages, log } = machine(
        {
          logStop: [
            {
              name: 'clean',
              run: (operation) =>
                operation.walk({
                  tablePre: (entry) =>
                    operation.walkLeaves(operation.childOf(entry), (leaf) => {
                      if (leaf.valid && leaf.cacheable) operation.clean(leaf);
                    }),
                }),
            },
          ],
        },
        { fwb },
      );
      mapPages(0, 3);
      slot.logging = true;
      const before = log.length;
      host({ do: 'log-off', slot });
      return [...log].slice(before).filter(({ effect }) => effect === 'dcacheClean').length;
    };
    expect([cleaned(false), cleaned(true)]).toEqual([3, 0]);
  });
  it('split with the table pages that were there before the lock, also where the release does not, and not by the older walker', () => {
    const split = { name: 'split', chunkLevel: 2, splits: true, run: (log: LogOperation) => log.split() };
    const { slot, host, leafAt, mapBlock } = machine({ logStart: [split] }, { kernel: 'v6.4' });
    mapBlock(1);
    host({ do: 'log-on', slot });
    expect(leafAt(BASE + BLOCK).level).toBe(3);
    const codes: number[] = [];
    const dry = machine({ logStart: [{ name: 'split', run: (log) => void codes.push(log.split()) }] });
    dry.mapBlock(1);
    dry.host({ do: 'log-on', slot: dry.slot });
    expect(codes).toEqual([ENOMEM]);
    const old = machine({ logStart: [split] }, { kernel: 'v5.12' });
    expect(() => old.host({ do: 'log-on', slot: old.slot })).toThrow(/v5/);
  });
});
