/** Worlds that make no sense are refused, field by field; those that come with the project do. */
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../test/specimens.ts';
import { parseWorld } from './check-world.ts';
import { VerifyError } from './errors.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { NAMED_WORLDS } from './worlds/index.ts';

const world: World = {
  name: 'mine',
  purpose: 'a test',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['fresh'],
  vcpus: [{ caches: true, steps: ['r0'] }],
  host: [],
};

function refusalOf(json: unknown): string {
  try {
    parseWorld(json);
  } catch (error) {
    expect(error).toBeInstanceOf(VerifyError);
    return (error as Error).message;
  }
  return 'taken';
}

describe('a world that makes sense', () => {
  it.each(NAMED_WORLDS.map((each) => [each.name, each] as const))('%s is taken as it is', (_, each) => {
    expect(parseWorld(each)).toBe(each);
  });

  it('may begin and end inside of blocks, and its guest may leave the slot', () => {
    const odd = { ...world, slot: { ...world.slot, basePage: 2, pages: 9 }, vcpus: [{ caches: true, steps: ['r15'] }] };
    expect(refusalOf(odd)).toBe('taken');
  });
});

describe('a world that makes none is refused by name, field, what is wrong, and what would be right', () => {
  const { slot } = world;
  const vcpus = (...steps: string[]) => [{ caches: true, steps }];

  it.each<[string, object, string]>([
    ['an unknown backing', { slot: { ...slot, backing: 'pfnmap' } }, "slot.backing: 'pfnmap' is unknown; must be"],
    ['a read-only slot', { slot: { ...slot, readonly: true } }, 'slot.readonly: unknown field; read-only memslots'],
    ['another guest', { host: [{ do: 'vmid-rollover' }] }, "host.0.do: 'vmid-rollover' is no step of the host"],
    ['blocks of 8 pages', { slot: { ...slot, blockPages: 8 } }, 'slot.blockPages: 8 pages are no block; must be 4 or'],
    [
      'blocks that two levels have not',
      { slot: { ...slot, blockPages: 16 } },
      'slot.blockPages: a table of 2 levels has no blocks of 16 pages; must be 4',
    ],
    [
      'more pages than the table has',
      { slot: { ...slot, pages: 17 } },
      'slot.pages: 17 from page 0 on are more than the table holds; must be at most 16',
    ],
    ['far more', { slot: { ...slot, pages: 40 } }, 'slot.pages: must be a whole number from 1 to 31'],
    ['a slot behind the table', { slot: { ...slot, basePage: 16 } }, 'slot.basePage: 16 is beyond the table'],
    ['a split page of hugetlbfs', { slot: { ...slot, begin: 'split' } }, "slot.begin: 'split' is for transparent"],
    ['four levels', { levels: 4 }, 'levels: 4 levels are not modelled; must be 2 or 3'],
    ['no history', { histories: [] }, 'histories: must name a history: logging-first, block-first or fresh'],
    ['an unknown history', { histories: ['old'] }, "histories.0: 'old' is unknown; must be logging-first"],
    ['no vCPU', { vcpus: [] }, 'vcpus: must have a vCPU'],
    ['caches that are neither on nor off', { vcpus: [{ caches: 1, steps: [] }] }, 'vcpus.0.caches: must be true or'],
    ['a guest step that is none', { vcpus: vcpus('r0', 'q1') }, "vcpus.0.steps.1: 'q1': must be like r0"],
    ['a page that no table has', { vcpus: vcpus('r16') }, 'vcpus.0.steps.0: page 16 is beyond the table; must be from'],
    ['a wait for nothing', { vcpus: vcpus('@1') }, "vcpus.0.steps.0: '@1' waits for more steps than the host has"],
    ['an unknown step of the host', { host: [{ do: 'delete' }] }, "host.0.do: 'delete' is no step of the host; must"],
    ['a step without a do', { host: [{}] }, 'host.0.do: nothing is no step of the host; must be write'],
    ['logging that is neither on nor off', { host: [{ do: 'logging' }] }, 'host.0.on: must be true or false'],
    [
      'an unmap beyond the slot',
      { host: [{ do: 'unmap', firstPage: 2, pages: 9 }] },
      'host.0.pages: 9 from page 2 on reach beyond the slot; must be at most 2',
    ],
    ['a write beyond it', { host: [{ do: 'write', page: 4 }] }, 'host.0.page: 4 is beyond the slot; must be from 0 to'],
    ['a collapse of hugetlbfs', { host: [{ do: 'collapse', page: 0 }] }, "host.0.do: 'collapse' is for transparent"],
    [
      'a collapse of half a block',
      { slot: { ...slot, backing: 'thp' }, host: [{ do: 'collapse', page: 2 }] },
      'host.0.page: no whole block of the slot begins at 2; must be a multiple of 4 up to 0',
    ],
    ['a move beyond the table', { host: [{ do: 'move', toPage: 13 }] }, 'host.0.toPage: a slot of 4 pages at 13'],
    ['a wait for nobody', { host: [{ do: 'await', vcpu: 1, steps: 1 }] }, 'host.0.vcpu: there is no vCPU 1; must be'],
    ['a wait for too much', { host: [{ do: 'await', vcpu: 0, steps: 2 }] }, 'host.0.steps: vCPU 0 has fewer steps'],
    [
      'a circle',
      { vcpus: vcpus('@1', 'r0'), host: [{ do: 'await', vcpu: 0, steps: 1 }] },
      'vcpus.0.steps.0: waits for a step of the host that waits for it; must wait for at most 0',
    ],
    ['a field that there is not', { vcpu: [] }, 'vcpu: unknown field'],
    ['a name that is no file name', { name: '../a' }, 'name: must be lower-case words'],
  ])('%s', (_, change, message) => {
    const refusal = refusalOf({ ...world, ...change });
    expect(refusal).toContain(`: ${message}`);
    expect(refusal).toMatch(/^world \S+: /);
    expect(refusal).not.toContain('\n');
  });

  it('what is no object at all', () => {
    expect(refusalOf('partial-table')).toBe('world: the document: must be an object: a world');
  });

  it('by verifyWorld too', () => {
    const wrong = { ...world, host: [{ do: 'delete' }] } as unknown as World;
    expect(() => verifyWorld(takeDownFirst, wrong, { history: 'fresh', fwb: true })).toThrow(
      "world mine: host.0.do: 'delete' is no step of the host",
    );
  });
});
