/**
 * Faults with a name: mistakes that somebody could make in this code, and that Stryker does not. It changes operators,
 * empties blocks and drops calls, but swaps no two statements and knows neither lock nor clock.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ScratchClone } from '../scratch-clone.ts';

/** One edit of one file. */
export interface Fault {
  /** What is wrong then. */
  readonly name: string;
  /** Name of what is mutated: whose tests have to notice. */
  readonly room: string;
  /** From the repository's root. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** File, name, from and to of faults below one folder. */
type Edits = readonly (readonly [file: string, name: string, from: string, to: string])[];

function faultsIn(room: string, folder: string, edits: Edits): Fault[] {
  return edits.map(([file, name, from, to]) => ({ name, room, file: `${folder}/${file}`, from, to }));
}

const IN_MACHINE = faultsIn('machine', 'packages/machine/src', [
  [
    'memory-contention.ts',
    'guests do not slow each other down',
    'times[running] = privateNs + atStationNs;',
    'times[running] = latencyNs;',
  ],
  [
    'mmu-lock.ts',
    'the lock goes to the last in the queue',
    `const [next] = this.#queue;
      if (next === undefined || (!next.sharesLock && this.#readers > 0)) return;
      this.#queue.shift();`,
    `const next = this.#queue.at(-1);
      if (next === undefined || (!next.sharesLock && this.#readers > 0)) return;
      this.#queue.pop();`,
  ],
  [
    'vcpu.ts',
    'a loop over mappings that are taken away runs on',
    'this.stopAt = stopAt;\n    return true;',
    'return true;',
  ],
  [
    'sampling.ts',
    'what is extrapolated is said to be exact',
    'boundNs: vcpus === 1 ? 0 : this.#boundNs(sample, work, perPiece, ofAccess)',
    'boundNs: 0',
  ],
  [
    'mmu-lock.ts',
    'a lock that is handed on is free for others',
    'next.handedOver = true;\n',
    'next.handedOver = true;\n    this.#held = false;\n',
  ],
  [
    'mmu-lock.ts',
    'a lock that is handed on costs what a free one costs',
    'readyNs += this.#costs.lockHandover;',
    'readyNs += this.#costs.lockAcquire;',
  ],
  [
    'guest-runner.ts',
    'the wait for the lock counts from the fault on',
    'counters.lockWaitNs += this.nowNs - vcpu.lockRequestedNs;',
    'counters.lockWaitNs += this.nowNs - vcpu.raisedNs;',
  ],
  [
    'guest-runner.ts',
    'a stall counts from the request for the lock on',
    'counters.stalled(this.nowNs - vcpu.stalledNs);',
    'counters.stalled(this.nowNs - vcpu.lockRequestedNs);',
  ],
  [
    'guest-runner.ts',
    'the lock is kept until the abort handler is through',
    'this.releaseLock();\n    this.#runUnlocked(vcpu);',
    'this.#runUnlocked(vcpu);\n    this.nowNs = vcpu.readyNs;\n    this.releaseLock();',
  ],
  [
    'machine-effects.ts',
    'an entry is gone only when its clearing is paid for',
    `this.timeline.tookAway(from, sizeBytes);
    this.stores++;
    this.#windows.open(entry, from, this.#mappedPages(level), this.timeline.nowNs);
    this.#pay(DESCRIPTOR_WRITE, 1);`,
    `this.stores++;
    this.#windows.open(entry, from, this.#mappedPages(level), this.timeline.nowNs);
    this.#pay(DESCRIPTOR_WRITE, 1);
    this.timeline.tookAway(from, sizeBytes);`,
  ],
  [
    'machine-effects.ts',
    'memory is clean before the clean is paid for',
    `this.#payLines(CLEAN_LINE, sizeBytes / LINE_BYTES);
    if (this.timeline.cleanedLater === undefined) this.cleaned(address, sizeBytes);`,
    `if (this.timeline.cleanedLater === undefined) this.cleaned(address, sizeBytes);
    this.#payLines(CLEAN_LINE, sizeBytes / LINE_BYTES);`,
  ],
  [
    'sampling.ts',
    'tables freed in the part that is not simulated are not counted',
    'counters.tablesFreed += tablesFreed;',
    '',
  ],
  [
    'guest-runner.ts',
    'who holds the lock is charged what the others do meanwhile',
    '    effects.charges = charges;\n',
    '',
  ],
  [
    'company.ts',
    'the company of what is not simulated is charged nothing',
    'addCharges(charges, ofCompany, this.#companyOf(kind));',
    '',
  ],
  [
    'stations.ts',
    'a broadcast waits for no other',
    'return waitNs(this.#dvm.serve(nowNs, perUnitNs), nowNs, perUnitNs);',
    'return 0;',
  ],
  [
    'stations.ts',
    'memory has room for everybody at once',
    'return waitNs(this.#memory.serve(nowNs, busyNs), nowNs, Math.max(aloneNs, busyNs));',
    'return 0;',
  ],
  ['mmu-lock.ts', 'readers do not meet in the line of the lock', 'actor.readyNs = doneNs + this.#readNs;', ''],
  [
    'mmu-lock.ts',
    'who gives the read side up is not at its line',
    "if (actor.state === 'leaving' || this.#lineNs === 0) {",
    'if (this.#lineNs >= 0) {',
  ],
  [
    'machine-effects.ts',
    'a TLBI by range costs the same for any number of pages',
    'this.#payBoth(this.#tlbiRange, TLBI_RANGE_PAGE, pages);',
    'this.#pay(this.#tlbiRange, 1);',
  ],
  [
    'tlbs.ts',
    'TLBs keep a range whose TLBI is complete',
    'for (const tlb of this.of) tlb.drop(address, sizeBytes);',
    '',
  ],
  ['tlbs.ts', 'a TLBI by IPA leaves stage 1 in the TLBs', 'this.#flushes.stage1++;', ''],
  ['tlb.ts', 'TLBs hold more than there is room for', '    this.#evict();\n', ''],
  [
    'guest-runner.ts',
    'a guest runs on with translations that are flushed',
    "if (vcpu.state === 'guest' && vcpu.flushed(this.#common.count)) this.#changed(vcpu);",
    'vcpu.plan.flushed = 0;',
  ],
  [
    'shared-sections.ts',
    'what a section has stored is seen at once',
    'vcpu.readyNs = stores.nowNs;',
    'vcpu.readyNs = nowNs;',
  ],
  [
    'machine.ts',
    'the rest of a stage takes as long as it takes one vCPU alone',
    'this.#timeline.nowNs = startNs + estimate.timeNs;',
    '',
  ],
  [
    'machine.ts',
    'the error bound of a stage is that of its last step',
    'this.#boundNs = (this.#boundNs ?? 0) + estimate.boundNs;',
    'this.#boundNs = estimate.boundNs;',
  ],
]);

const IN_WORKLOADS = faultsIn('workloads', 'packages/workloads/src', [
  [
    'cancelled-migration.ts',
    'every round dirties the same pages',
    'seedOf(setting.seed, round, vcpu)',
    'seedOf(setting.seed, 0, vcpu)',
  ],
  ['cancelled-migration.ts', 'the dirty log is never read', "    { kind: 'host', do: 'collect-log' },\n", ''],
  [
    'page-table-test.ts',
    'UPDATE reads the half that it writes to',
    'startIpa: baseIpa + granuleBytes / 2',
    'startIpa: baseIpa',
  ],
  ['page-table-test.ts', 'all vCPUs of CREATE count as one class', 'classOf: (vcpu) => vcpu % 2', 'classOf: () => 0'],
  ['programs.ts', 'a program keeps the write flag of the loop before', '    run.write = loop.write;\n', ''],
]);

const IN_KERNEL = faultsIn('kernel', 'packages', [
  [
    'kernel/src/v5/leaf-store.ts',
    'a page is cleaned after it was made',
    `if (this.#cleansInMap && this.#cleanable) table.effects.dcacheClean(this.#physAddress, granule);
    if (this.#invalidates) table.effects.icacheInvalidate(this.#physAddress, granule);
    this.install(entry);`,
    `const { physAddress } = this;
    this.install(entry);
    if (this.#cleansInMap && this.#cleanable) table.effects.dcacheClean(physAddress, granule);
    if (this.#invalidates) table.effects.icacheInvalidate(physAddress, granule);`,
  ],
  [
    'kernel/src/v5/unmap.ts',
    'memory is cleaned while the guest can still reach it',
    `this.#unlink(entry, address, level, level, this.#flushesLeaves);
    cleanLeaf(table, low, high, level);`,
    `cleanLeaf(table, low, high, level);
    this.#unlink(entry, address, level, level, this.#flushesLeaves);`,
  ],
  [
    'kernel/src/v5/walker.ts',
    'a table that a leaf visitor has made is not entered',
    'low = table.low(entry);\n      high = table.high(entry);\n',
    '',
  ],
  [
    'kernel/src/v5/walker.ts',
    'a visitor after the table sees the address behind it',
    'state.entryAddress = address;\n  return visitor.tablePost',
    'return visitor.tablePost',
  ],
  [
    'core/src/stage2/stage2-table.ts',
    'a freed table stays in the walk cache',
    'this.arena.free(slot);\n    this.structureVersion++;',
    'this.arena.free(slot);',
  ],
  [
    'core/src/stage2/stage2-table.ts',
    'a copied table keeps its walk cache',
    'this.arena.copyFrom(other.arena);\n    this.structureVersion++;',
    'this.arena.copyFrom(other.arena);',
  ],
]);

/** All named faults. The tests of the tools see to it that each still fits. */
export const FAULTS: readonly Fault[] = [...IN_MACHINE, ...IN_WORKLOADS, ...IN_KERNEL];

/**
 * A file with a fault.
 *
 * @throws Error where the file has changed, so that nobody can say where the fault belongs
 */
export function plant({ name, file, from, to }: Fault, sound: string): string {
  const parts = sound.split(from);
  if (parts.length !== 2) throw new Error(`${file}: "${name}" fits ${parts.length - 1} times, not once`);
  return parts.join(to);
}

/**
 * Whether a test fails while a fault stands in a clone. Tests that cannot even be read are no answer.
 *
 * @param tests - the folders whose tests are run
 * @throws the reason of `interrupted`, once the tests have ended
 */
export async function isNoticed(
  clone: ScratchClone,
  tests: readonly string[],
  fault: Fault,
  interrupted: AbortSignal,
): Promise<boolean> {
  const path = join(clone.root, fault.file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, plant(fault, sound));
  try {
    for (const folder of tests) if ((await failedTests(clone, folder, interrupted)) > 0) return true;
    return false;
  } finally {
    writeFileSync(path, sound);
  }
}

async function failedTests(clone: ScratchClone, folder: string, interrupted: AbortSignal): Promise<number> {
  const results = join(clone.root, '.results', 'fault.json');
  rmSync(results, { force: true });
  const settings = ['--config=tools/mutation/vitest.config.ts', `--dir=${folder}`, '--bail=1'];
  const vitest = spawn('vitest', ['run', ...settings, '--reporter=json', `--outputFile=${results}`], {
    cwd: clone.root,
    env: clone.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  interrupted.addEventListener('abort', () => vitest.kill('SIGKILL'), { once: true });
  const [said] = await Promise.all([text(vitest.stderr), once(vitest, 'exit')]);
  interrupted.throwIfAborted();
  if (!existsSync(results)) throw new Error(`vitest ran no test of ${folder}\n${said}`);
  return (JSON.parse(readFileSync(results, 'utf8')) as { numFailedTests: number }).numFailedTests;
}
