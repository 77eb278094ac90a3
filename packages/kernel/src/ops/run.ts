/** Runs op scripts and writes their results in the two forms of the vectors. */
import type { Strategy } from '@s2bench/core';
import { OK } from '@s2bench/core';
import {
  rawDescriptor,
  TYPE_TABLE,
  VALID,
  LAST_LEVEL,
  makeGeometry,
  findEntry,
  isTranslated,
  levelOfEntry,
} from '@s2bench/core/stage2';
import type { Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import { MemoryCache } from '../memory-cache.ts';
import { pageTableCode, stage2TableOf } from '../code-of.ts';
import type { PageTableCode } from '../page-table-code.ts';
import { setRange, WalkState } from '../v5/walker.ts';
import type { TableDump } from './dump.ts';
import { dumpTable } from './dump.ts';
import type { EventCounts, EventKind } from './recorder.ts';
import { EventRecorder } from './recorder.ts';
import type { Directive, Operation, Script, ScriptFlags } from './script.ts';

/** How results are written: a short array an op, or an object with counts and the first events. */
export type OpForm = 'short' | 'long';

/** What a script is run with. */
export interface RunOptions {
  readonly kernel: KernelModel;
  readonly strategy: Strategy;
  /** Bytes: 4096, 16384 or 65536. */
  readonly pageSizeBytes: number;
  readonly form: OpForm;
  /** Sees the table before the first op: for those who look at it, or at its effects, op by op. */
  readonly onTable?: (table: Stage2Table) => void;
  /** Is told the text of each op that the kernel model does not have. */
  readonly onUnknown?: (text: string) => void;
}

/** One JSON value: the result of an op, `{final}` or `{destroy}`. */
export type OpResult = readonly unknown[] | Readonly<Record<string, unknown>> | { final: TableDump };

/** The long form carries this many events; the hash covers them all. */
const EVENTS_IN_LONG_FORM = 64;

/**
 * Runs a script against a fresh table.
 *
 * @returns a result per op, then `{final}`, then `{destroy}`, as in the vectors
 */
export function* runScript(script: Script, options: RunOptions): Generator<OpResult> {
  const session = new ScriptSession(script, options);
  let index = 0;
  for (const { what, text } of script.lines) {
    if (isDirective(what)) session.direct(what);
    else yield session.perform(index++, text, what);
  }
  yield session.final();
  yield session.destroy();
}

function isDirective(what: Directive | Operation): what is Directive {
  return what.kind === 'probe' || what.kind === 'memory-cache' || what.kind === 'flags';
}

interface Outcome {
  /** `undefined`: the kernel model has no such operation. */
  readonly rc: number | undefined;
  readonly value?: string;
  readonly translation?: readonly [level: number, descriptor: string];
}

class ScriptSession {
  readonly #table: Stage2Table;
  readonly #code: PageTableCode;
  readonly #kernel: KernelModel;
  readonly #events: EventRecorder;
  readonly #form: OpForm;
  readonly #onUnknown: ((text: string) => void) | undefined;
  #cache: MemoryCache | null = new MemoryCache(Infinity);
  #flags: ScriptFlags;

  constructor(script: Script, options: RunOptions) {
    this.#form = options.form;
    this.#onUnknown = options.onUnknown;
    this.#kernel = options.kernel;
    this.#flags = script.init.flags;
    this.#events = new EventRecorder(
      options.form === 'long' ? EVENTS_IN_LONG_FORM : 0,
      options.kernel.namesUnknownLevel,
    );
    this.#table = stage2TableOf(options.kernel, {
      geometry: makeGeometry(options.pageSizeBytes, script.init.ipaBits),
      fwb: script.init.fwb,
      tlbRange: script.init.tlbRange,
      effects: this.#events,
    });
    this.#code = pageTableCode(this.#table, options.kernel, options.strategy);
    options.onTable?.(this.#table);
  }

  direct(directive: Directive): void {
    if (directive.kind === 'memory-cache') {
      this.#cache = directive.pages === null ? null : new MemoryCache(directive.pages);
      return;
    }
    if (directive.kind === 'flags') {
      this.#flags = { ...this.#flags, ...directive.flags };
      return;
    }
    const { address } = directive;
    this.#events.setProbe(address === undefined ? undefined : () => isTranslated(this.#table, address));
  }

  perform(index: number, text: string, operation: Operation): OpResult {
    const events = this.#events;
    events.reset();
    const outcome = this.#act(operation);
    // No other walk is under way.
    this.#code.endGracePeriod();
    if (outcome.rc === undefined) {
      this.#onUnknown?.(text);
      return this.#form === 'short' ? [index, 'unsup'] : { i: index, op: text, rc: 'unsup' };
    }
    return this.#form === 'short' ? this.#short(index, outcome) : this.#long(index, text, outcome);
  }

  final(): OpResult {
    return { final: dumpTable(this.#table, this.#events.totals.toRecord()) };
  }

  destroy(): OpResult {
    const events = this.#events;
    events.setProbe(undefined);
    events.reset();
    this.#code.destroy();
    const { F, V, I, W } = events.counts.toRecord();
    return { destroy: { F, V, I, W, left: this.#table.arena.livePages } };
  }

  #act(operation: Operation): Outcome {
    const code = this.#code;
    const { address } = operation;
    switch (operation.kind) {
      case 'map': {
        const { sizeBytes, phys, protection } = operation;
        return { rc: code.map(address, sizeBytes, phys, protection, this.#cache, this.#flags) };
      }
      case 'unmap':
        return { rc: code.unmap(address, operation.sizeBytes) };
      case 'wrprotect':
        return { rc: code.writeProtect(address, operation.sizeBytes) };
      case 'flush':
        return { rc: code.flush(address, operation.sizeBytes) };
      case 'relax':
        return { rc: code.relax(address, operation.protection) };
      case 'mkyoung': {
        const value = code.markYoung(address);
        return value === undefined ? { rc: OK } : { rc: OK, value: hexOf(value) };
      }
      case 'mkold':
        this.#warnWhereBeyond(address, operation.sizeBytes);
        return { rc: OK, value: hexOf(code.markOld(address, operation.sizeBytes)) };
      case 'isyoung':
        this.#warnWhereBeyond(address, 1);
        return { rc: OK, value: hexOf(code.isYoung(address) ? 1n : 0n) };
      case 'testclear': {
        this.#warnWhereBeyond(address, operation.sizeBytes);
        const young = code.testClearYoung(address, operation.sizeBytes, operation.clear);
        return young === undefined ? { rc: undefined } : { rc: OK, value: hexOf(BigInt(Math.max(young, 0))) };
      }
      case 'split':
        return { rc: code.split(address, operation.sizeBytes, new MemoryCache(operation.pages)) };
      case 'setowner':
        return { rc: code.setOwner(address, operation.sizeBytes, operation.owner, this.#cache) };
      case 'xlate':
        return this.#translate(address);
    }
  }

  /** Releases that age ranges expect no address beyond the guest's, and say so. */
  #warnWhereBeyond(address: number, sizeBytes: number): void {
    if (!this.#kernel.agesRanges || setRange(new WalkState(), this.#table.geometry, address, sizeBytes)) return;
    this.#events.warned('kvm_pgtable_stage2_test_clear_young');
  }

  #translate(address: number): Outcome {
    const table = this.#table;
    const entry = findEntry(table, address);
    if (entry === undefined) return { rc: OK, translation: [table.geometry.startLevel, hexOf(0n)] };
    const level = levelOfEntry(table, entry);
    const low = table.low(entry);
    const isStaleTable = level < LAST_LEVEL && (low & VALID) === 0 && (low & TYPE_TABLE) !== 0;
    const descriptor = isStaleTable ? 'T' : hexOf(rawDescriptor(low, table.high(entry)));
    return { rc: OK, translation: [level, descriptor] };
  }

  #short(index: number, { rc, value }: Outcome): OpResult {
    const { counts, hash } = this.#events;
    const text = happened(counts)
      .filter(([kind]) => kind !== 'Q')
      .map(([kind, count]) => `${kind}${count}`)
      .join('');
    return value === undefined ? [index, rc, text, hash] : [index, rc, text, hash, value];
  }

  #long(index: number, text: string, { rc, value, translation }: Outcome): OpResult {
    const events = this.#events;
    return {
      i: index,
      op: text,
      rc,
      ...(value !== undefined && { val: value }),
      ...(translation !== undefined && { xlate: translation }),
      n: Object.fromEntries(happened(events.counts)),
      ...(events.cleanedBytes > 0 && { dcb: events.cleanedBytes }),
      ...(events.invalidatedBytes > 0 && { icb: events.invalidatedBytes }),
      ...(events.hasProbe && { probe: [events.probedUntranslated, events.probed] }),
      evh: events.hash,
      nev: events.textEvents,
      ev: events.events,
    };
  }
}

function hexOf(descriptor: bigint): string {
  return `0x${descriptor.toString(16)}`;
}

function happened(counts: EventCounts): [EventKind, number][] {
  return counts.entries().filter(([, count]) => count > 0);
}
