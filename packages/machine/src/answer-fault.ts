/** What a vCPU does for its fault under mmu_lock, and where it is charged. */
import { isCheck, runSection } from '@s2bench/kernel';
import type { Charges } from './charges.ts';
import type { FaultAccounts } from './fault-accounts.ts';
import type { HostRunnerOptions } from './host-runner.ts';
import type { Timeline } from './machine-effects.ts';
import type { Vcpu } from './vcpu.ts';

/** What answering works with. */
export interface FaultOptions extends HostRunnerOptions {
  /** Kept where a part of the stage may be extrapolated. */
  readonly accounts: FaultAccounts | undefined;
}

/** Runs the section of a fault for which its vCPU has the lock. */
export function answerFault(options: FaultOptions, vcpu: Vcpu, timeline: Timeline): void {
  const { accounts, counters, effects, lock, vm } = options;
  const mapping = isCheck(vcpu.fault.phase);
  const grantedNs = timeline.nowNs;
  const { stores, waitedNs } = effects;
  effects.timeline = timeline;
  effects.charges = chargesOf(options, vcpu);
  lock.chargeTo(effects.charges, vcpu);
  vm.origin.agent = vcpu.id;
  runSection(vcpu.fault, vm.origin);
  effects.operationEnded();
  if (mapping) counters.answered(vcpu.fault.outcome);
  if (accounts === undefined) return;
  if (effects.stores > stores) vcpu.account.changedTables = true;
  accounts.charge(vcpu.account, counters);
  vcpu.account.ran(timeline.nowNs - grantedNs - (effects.waitedNs - waitedNs));
}

/** Where a vCPU is charged: in its fault's own account, where faults are told apart. */
export function chargesOf({ accounts, counters }: FaultOptions, vcpu: Vcpu): Charges {
  return accounts === undefined ? counters.charges : vcpu.account.charges;
}
