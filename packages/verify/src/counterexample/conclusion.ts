/** One sentence that says what a counterexample means to the guest. */
import { FETCH } from '../world.ts';
import type { VcpuProgram } from '../world.ts';
import type { Describer } from './describe.ts';
import type { RetracedStep } from './retrace.ts';

/** The sentence for the last step. */
export function conclusionOf(
  rule: string,
  last: RetracedStep,
  describer: Describer,
  vcpus: readonly VcpuProgram[],
  fwb: boolean,
): string {
  const who = last.agent < vcpus.length ? `vCPU ${last.agent}` : 'the host';
  const access = describer.accessOf(last);
  const caches = vcpus[last.agent]?.caches === true || fwb ? '' : ', MMU off,';
  const text = last.broken?.text ?? '';
  if (access !== undefined) {
    const verb = access.kind === FETCH ? 'fetches from' : access.kind === 1 ? 'stores to' : 'loads';
    switch (rule) {
      case 'data-coherency':
        return `${who}${caches} ${verb} page ${access.page} and gets what the page held before the host wrote it.`;
      case 'instruction-coherency':
        return `${who} ${verb} page ${access.page} and runs what the page held before the host wrote it.`;
      case 'stale-translation':
        return `${who}${caches} ${verb} page ${access.page} through a TLB entry for a mapping that is no longer there.`;
      case 'dirty-log':
        return `${who} ${verb} page ${access.page} and the dirty log will never say so: the copy of the guest keeps the old contents.`;
      default:
        if (text === '') return `${who}${caches} ${verb} page ${access.page}.`;
    }
  }
  if (rule === 'break-before-make')
    return `${capital(text)}: a guest access there may end in a TLB conflict abort, or go anywhere.`;
  if (rule === 'walker-safety') return `${capital(text)}: the walk goes on in whatever the page holds next.`;
  if (rule === 'lost-guest-write') return `${capital(text)}: the guest's store is gone.`;
  return `${capital(text)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
