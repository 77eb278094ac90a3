/** What the agents of a world do, and what was done before it begins. */
import type { History } from '@s2bench/kernel';
import type { GuestStep, HostStep, VcpuProgram, World } from '../world.ts';

/** The programs of all agents. */
export interface Programs {
  readonly vcpus: readonly VcpuProgram[];
  readonly host: readonly HostStep[];
}

/** The programs of a world. */
export function programsOf(world: World): Programs {
  return { vcpus: world.vcpus, host: world.host };
}

/**
 * What happens before a world begins, in turns: first vCPU 0, then the host.
 */
export function preludeOf(world: World, history: History): Programs {
  const idle = world.vcpus.map(({ caches }) => ({ caches, steps: [] as GuestStep[] }));
  if (history !== 'block-first') return { vcpus: idle, host: [] };
  const { basePage, pages, blockPages } = world.slot;
  const steps: GuestStep[] = [];
  for (let page = basePage; page < basePage + pages; page += blockPages) steps.push(`r${page}`);
  const [first, ...others] = idle;
  const vcpus = first === undefined ? [] : [{ caches: first.caches, steps }, ...others];
  return { vcpus, host: [{ do: 'logging', on: true }] };
}
