/** Runs an op script with a strategy beside the reference, and says where it first goes wrong. */
import type { Strategy } from '@s2bench/core';
import { EAGAIN, EINVAL, ENOMEM, ERANGE, OK } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from '@s2bench/kernel';
import { type OpResult, parseScript, type RunOptions, runScript, type TableDump } from '@s2bench/kernel/ops';
import type { Aspect, Finding } from '../finding.ts';
import { TAKE_DOWN_FIRST } from '../reference.ts';
import { OrderWatch } from './order-watch.ts';

/** What a script is run with. */
export interface ScriptSetup {
  readonly kernel: KernelModel;
  readonly pageSizeBytes: number;
}

/**
 * Runs a script.
 *
 * @returns the first law that is broken, or nothing
 */
export function checkScript(
  strategy: Strategy,
  text: string,
  { kernel, pageSizeBytes }: ScriptSetup,
  aspect: Aspect,
): Finding | undefined {
  const script = parseScript(text);
  const common: Omit<RunOptions, 'strategy'> = { kernel, pageSizeBytes, form: 'short' };
  let watch: OrderWatch | undefined;
  let table: Stage2Table | undefined;
  const onTable = (made: Stage2Table): void => {
    table = made;
    watch = new OrderWatch(made);
  };
  const found = (rest: Omit<Finding, 'aspect' | 'script'>): Finding => ({
    aspect,
    ...rest,
    script: { text, kernel: kernel.name, pageSizeBytes },
  });
  const results = runScript(script, { ...common, strategy, onTable });
  const expected = runScript(script, { ...common, strategy: TAKE_DOWN_FIRST });
  for (const [index, { text: line }] of operationsOf(script).entries()) {
    const op = `${index} (${line})`;
    watch?.begin();
    let result: OpResult | undefined;
    try {
      result = results.next().value as OpResult | undefined;
    } catch (error) {
      return found({ rule: 'contract', op, message: `it throws ${String(error)}` });
    }
    const wanted = expected.next().value as OpResult | undefined;
    // The watch knows its table from the first op on.
    if (watch?.fault !== undefined) return found({ ...watch.fault, op });
    const problem = table === undefined ? undefined : miscounted(table);
    if (problem !== undefined) return found({ rule: 'accounting', op, step: 'end of the op', message: problem });
    const [rc, right] = [codeOf(result), codeOf(wanted)];
    if (rc !== right) {
      return found({
        rule: 'progress',
        op,
        step: 'end of the op',
        message: `it ends with ${rc}, where taking the table down first ends with ${right}`,
      });
    }
    if (script.init.fwb && /D\d/.test(eventsOf(result)) && !/D\d/.test(eventsOf(wanted))) {
      return found({ rule: 'contract', op, step: 'clean', message: 'it cleans where FEAT_S2FWB makes that needless' });
    }
  }
  const last = script.lines.at(-1)?.text ?? '';
  const [final, right] = [dumpOf(results), dumpOf(expected)];
  const differing = differingLeaf(final, right);
  if (differing !== undefined)
    return found({ rule: 'mapping', op: `the last (${last})`, step: 'end of the op', message: differing });
  if (final.leaked.length > 0) {
    return found({
      rule: 'accounting',
      op: `the last (${last})`,
      step: 'end of the op',
      message: `${final.leaked.length} table pages are linked nowhere`,
    });
  }
  if (final.pages.length !== right.pages.length) {
    return found({
      rule: 'accounting',
      op: `the last (${last})`,
      step: 'end of the op',
      message: `${final.pages.length} table pages are left, ${right.pages.length} would do`,
    });
  }
  return undefined;
}

function operationsOf({ lines }: ReturnType<typeof parseScript>): { readonly text: string }[] {
  return lines.filter(({ what }) => what.kind !== 'probe' && what.kind !== 'memory-cache');
}

/** A live table page whose references are not one plus its valid entries, in words. */
function miscounted(table: Stage2Table): string | undefined {
  const { arena } = table;
  const { entriesPerTable } = arena;
  for (const slot of arena.liveSlots()) {
    const valid = table.countValid(slot * entriesPerTable, entriesPerTable);
    const references = arena.refcounts[slot] ?? 0;
    if (references === 1 + valid) continue;
    return `a table page of level ${arena.levelOf(slot)} has ${references} references with ${valid} valid entries; ${1 + valid} is right`;
  }
  return undefined;
}

const ERRNO_NAMES: ReadonlyMap<unknown, string> = new Map([
  [EAGAIN, 'EAGAIN'],
  [EINVAL, 'EINVAL'],
  [ENOMEM, 'ENOMEM'],
  [ERANGE, 'ERANGE'],
]);

/** The return code of an op in short form, by its name if it has one. */
function codeOf(result: OpResult | undefined): string {
  const rc: unknown = Array.isArray(result) ? result[1] : OK;
  return ERRNO_NAMES.get(rc) ?? String(rc);
}

function eventsOf(result: OpResult | undefined): string {
  return Array.isArray(result) ? String(result[2]) : '';
}

function dumpOf(results: Generator<OpResult>): TableDump {
  const { final } = results.next().value as { final: TableDump };
  // Takes the table down, which must not throw either.
  results.next();
  return final;
}

/** The first leaf that is not what the reference leaves there. */
function differingLeaf(final: TableDump, right: TableDump): string | undefined {
  const [here, there] = [leavesOf(final), leavesOf(right)];
  const at = Array.from({ length: Math.max(here.length, there.length) }).findIndex(
    (_, index) => here[index] !== there[index],
  );
  if (at < 0) return undefined;
  return `in the end there stands ${here[at] ?? 'nothing more'}, where ${there[at] ?? 'nothing more'} is right (level, IPA, descriptor, count)`;
}

function leavesOf({ e }: TableDump): string[] {
  return e.filter(([, , kind]) => kind !== 'T' && kind !== 'S').map((row) => row.join(' '));
}
