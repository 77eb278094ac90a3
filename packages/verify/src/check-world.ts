/** Whether a world makes sense: what is explored in one that does not would be called safe for nothing. */
import { VerifyError } from './errors.ts';
import { makeSmallGeometry } from './small-geometry.ts';
import type { HostStep, World } from './world.ts';
import { decodeStep, PAGE_BYTES } from './world.ts';
import { worldIssue, worldSchema } from './world-schema.ts';

/** Worlds that have been found to make sense. */
const sensible = new WeakSet<object>();

/**
 * Takes a world from outside.
 *
 * @param json - what a file or a caller says
 * @param label - the begin of a message; left out: the world's name
 * @throws VerifyError of one line that names the field, what is wrong with it and what would be right
 */
export function parseWorld(json: unknown, label?: string): World {
  if (typeof json === 'object' && json !== null && sensible.has(json)) return json as World;
  const head = label ?? ['world', ...nameOf(json)].join(' ');
  const parsed = worldSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new VerifyError(`${head}: ${issue === undefined ? 'no world' : worldIssue(issue)}`);
  }
  const world: World = parsed.data;
  const problem = slotProblem(world) ?? guestProblem(world) ?? hostProblem(world) ?? stuckProblem(world);
  if (problem !== undefined) throw new VerifyError(`${head}: ${problem}`);
  sensible.add(json as object);
  return json as World;
}

/** The name, where there is one that fits a line. */
function nameOf(json: unknown): string[] {
  const name = typeof json === 'object' && json !== null && 'name' in json ? json.name : undefined;
  return typeof name === 'string' && /^.+$/.test(name) ? [name] : [];
}

/** Pages of the guest's address space. */
function guestPages({ levels }: World): number {
  return makeSmallGeometry(levels).ipaLimit / PAGE_BYTES;
}

function slotProblem(world: World): string | undefined {
  const { levels, slot } = world;
  const { basePage, pages, blockPages, backing, begin } = slot;
  const limit = guestPages(world);
  if (blockPages >= limit)
    return `slot.blockPages: a table of ${levels} levels has no blocks of ${blockPages} pages; must be 4, or levels 3`;
  if (basePage >= limit) return `slot.basePage: ${basePage} is beyond the table; must be from 0 to ${limit - 1}`;
  if (basePage + pages > limit)
    return `slot.pages: ${pages} from page ${basePage} on are more than the table holds; must be at most ${limit - basePage}`;
  if (begin === 'split' && backing !== 'thp')
    return `slot.begin: 'split' is for transparent huge pages; must be written or untouched where backing is ${backing}`;
  return undefined;
}

function guestProblem(world: World): string | undefined {
  const limit = guestPages(world);
  for (const [vcpu, { steps }] of world.vcpus.entries()) {
    for (const [at, step] of steps.entries()) {
      const field = `vcpus.${vcpu}.steps.${at}`;
      const { accesses, awaits } = decodeStep(step);
      if (awaits > world.host.length)
        return `${field}: '${step}' waits for more steps than the host has; must be at most @${world.host.length}`;
      const beyond = accesses.find(({ page }) => page >= limit);
      if (beyond !== undefined)
        return `${field}: page ${beyond.page} is beyond the table; must be from 0 to ${limit - 1}`;
    }
  }
  return undefined;
}

function hostProblem(world: World): string | undefined {
  for (const [at, step] of world.host.entries()) {
    const problem = hostStepProblem(step, world);
    if (problem !== undefined) return `host.${at}.${problem}`;
  }
  return undefined;
}

function hostStepProblem(step: HostStep, world: World): string | undefined {
  const { pages, blockPages, backing } = world.slot;
  const within = `must be from 0 to ${pages - 1}, a page of the slot`;
  switch (step.do) {
    case 'write':
      return step.page < pages ? undefined : `page: ${step.page} is beyond the slot; ${within}`;
    case 'unmap':
      if (step.firstPage >= pages) return `firstPage: ${step.firstPage} is beyond the slot; ${within}`;
      return step.firstPage + step.pages <= pages
        ? undefined
        : `pages: ${step.pages} from page ${step.firstPage} on reach beyond the slot; must be at most ${pages - step.firstPage}`;
    case 'collapse':
      if (backing !== 'thp')
        return `do: 'collapse' is for transparent huge pages; must be left out where slot.backing is ${backing}`;
      return step.page % blockPages === 0 && step.page + blockPages <= pages
        ? undefined
        : `page: no whole block of the slot begins at ${step.page}; must be a multiple of ${blockPages} up to ${pages - blockPages}`;
    case 'await': {
      const program = world.vcpus[step.vcpu];
      if (program === undefined) return `vcpu: there is no vCPU ${step.vcpu}; must be below ${world.vcpus.length}`;
      return step.steps <= program.steps.length
        ? undefined
        : `steps: vCPU ${step.vcpu} has fewer steps than ${step.steps}; must be at most ${program.steps.length}`;
    }
    case 'move': {
      const limit = guestPages(world);
      return step.toPage + pages <= limit
        ? undefined
        : `toPage: a slot of ${pages} pages at ${step.toPage} is more than the table holds; must be at most ${limit - pages}`;
    }
    default:
      return undefined;
  }
}

/** Who waits for whom: where nobody can go on although every access completes, the programs wait in a circle. */
function stuckProblem({ vcpus, host }: World): string | undefined {
  const done = vcpus.map(() => 0);
  let hostDone = 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const [vcpu, { steps }] of vcpus.entries()) {
      for (let at = done[vcpu] ?? 0; at < steps.length && decodeStep(steps[at] ?? '').awaits <= hostDone; at++) {
        done[vcpu] = at + 1;
        moved = true;
      }
    }
    const step = host[hostDone];
    if (step !== undefined && (step.do !== 'await' || (done[step.vcpu] ?? 0) >= step.steps)) {
      hostDone++;
      moved = true;
    }
  }
  const stuck = vcpus.findIndex(({ steps }, vcpu) => (done[vcpu] ?? 0) < steps.length);
  if (stuck >= 0) {
    return `vcpus.${stuck}.steps.${done[stuck] ?? 0}: waits for a step of the host that waits for it; must wait for at most ${hostDone}`;
  }
  return hostDone < host.length
    ? `host.${hostDone}: waits for a vCPU that waits for it; must wait for less`
    : undefined;
}
