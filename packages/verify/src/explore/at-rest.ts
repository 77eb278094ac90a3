/** What rules look at when nobody is at work. */
import type { Observer } from '../rules/rule.ts';
import type { Layout } from './layout.ts';
import { COMMON, DIRTY, FAULT, FIRST_VCPU, get, HOLDER, WRITTEN } from './layout.ts';

/** Whether a state is at rest, and a page that the guest wrote is neither marked nor was reported since. */
export function isLeftUnmarked(layout: Layout, state: Uint32Array, rules: readonly Observer[]): boolean {
  if (get(state, COMMON, HOLDER) !== 0) return false;
  for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) if (get(state, FIRST_VCPU + vcpu, FAULT) !== 0) return false;
  const written = layout.pageMask(state, WRITTEN);
  if (written === 0) return false;
  const marked = layout.pageMask(state, DIRTY);
  return rules.some((rule) => rule.rest?.(written, marked) === true);
}
