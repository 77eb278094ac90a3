/** Runs an op script with a strategy on a real table, and says where it first goes wrong. */
import type { Strategy } from '@s2bench/core';
import { type Stage2Table, teeEffects } from '@s2bench/core/stage2';
import type { KernelModel } from '@s2bench/kernel';
import { type OpResult, parseScript, runScript, type Script } from '@s2bench/kernel/ops';
import { architectureFor, CoalesceJudge, expectationOf, type RealRange } from '@s2bench/verify';
import type { Aspect, Finding } from '../finding.ts';
import { TAKE_DOWN_FIRST } from '../reference.ts';
import { checkMap } from './check-map.ts';
import { contentsOf } from './leaves.ts';
import { rulesToKeep } from './rules-to-keep.ts';

/** What a script is run with. */
export interface ScriptSetup {
  readonly kernel: KernelModel;
  readonly pageSizeBytes: number;
  /** The script's last op maps this block: what TLBs and walkers may hold meanwhile is followed, and what is clean. */
  readonly coalesced?: RealRange;
}

/**
 * Runs a script: after each op every count must be right and no table page leaked, and a map must have done what it was
 * asked for, in whatever leaves. What breaks under the reference in the same way is the kernel model's own.
 *
 * @returns the first rule that is broken, or nothing
 */
export function checkScript(strategy: Strategy, text: string, setup: ScriptSetup, aspect: Aspect): Finding | undefined {
  const script = parseScript(text);
  const found = firstBroken(strategy, script, setup);
  if (
    found === undefined ||
    isDeclared(strategy, found) ||
    firstBroken(TAKE_DOWN_FIRST, script, setup)?.rule === found.rule
  )
    return undefined;
  return { aspect, ...found, script: { text, kernel: setup.kernel.name, pageSizeBytes: setup.pageSizeBytes } };
}

function isDeclared(strategy: Strategy, { rule }: Broken): boolean {
  return expectationOf(strategy).breaks.some((name) => name === rule);
}

type Broken = Omit<Finding, 'aspect' | 'script'>;

function firstBroken(
  strategy: Strategy,
  script: Script,
  { kernel, pageSizeBytes, coalesced }: ScriptSetup,
): Broken | undefined {
  const tables: Stage2Table[] = [];
  let judge: CoalesceJudge | undefined;
  const onTable = (made: Stage2Table): void => {
    tables.push(made);
    if (coalesced !== undefined) judge = judgeOf(strategy, made, coalesced, kernel);
  };
  const results = runScript(script, { kernel, pageSizeBytes, form: 'short', strategy, onTable });
  let before: ReturnType<typeof contentsOf> = { leaves: new Map(), leaked: 0 };
  let hasMemory = true;
  let index = 0;
  for (const { text, what } of script.lines) {
    if (what.kind === 'memory-cache') hasMemory = what.pages === Infinity;
    if (what.kind === 'memory-cache' || what.kind === 'probe') continue;
    const at = { op: `${index++} (${text})`, step: 'end of the op' };
    const isBlock = what.kind === 'map' && what.address === coalesced?.ipa && text === script.lines.at(-1)?.text;
    if (isBlock) judge?.begin();
    let result: OpResult | undefined;
    try {
      result = results.next().value as OpResult | undefined;
    } catch (error) {
      return { rule: 'contract', op: at.op, message: `it throws ${String(error)}` };
    }
    const [table] = tables;
    if (table === undefined) throw new Error('a script that ran without a table');
    if (isBlock) judge?.end(codeOf(result), what.protection);
    const held = judge?.finding;
    if (held !== undefined) return { op: at.op, step: held.step, rule: held.rule, message: held.text };
    const miscount = miscounted(table);
    if (miscount !== undefined) return { ...at, rule: 'accounting', message: miscount };
    const after = contentsOf(table);
    if (after.leaked > 0)
      return { ...at, rule: 'accounting', message: `${after.leaked} table pages are linked nowhere` };
    const wrong =
      what.kind === 'map' ? checkMap(what, { rc: codeOf(result), before, after, hasMemory }, table) : undefined;
    if (wrong !== undefined) return { ...at, ...wrong };
    before = after;
  }
  // The final table, and taking it down, which must not throw either.
  for (const _ of results);
  return undefined;
}

function judgeOf(strategy: Strategy, table: Stage2Table, range: RealRange, kernel: KernelModel): CoalesceJudge {
  const { arch } = architectureFor(strategy.needs);
  const rules = rulesToKeep(strategy).map(({ name }) => name);
  const judge = new CoalesceJudge(table, range, { fwb: table.fwb, arch, rules });
  // Where the abort handler cleans, it has done so for each fault before its map.
  if (kernel.cleanSite === 'abort-handler') judge.cleanAll();
  table.effects = teeEffects(table.effects, judge);
  return judge;
}

/** A live table page whose references are not one plus its valid entries, in words. */
function miscounted(table: Stage2Table): string | undefined {
  const { arena } = table;
  for (const slot of arena.liveSlots()) {
    const valid = table.validCount(slot);
    const references = arena.refcounts[slot] ?? 0;
    if (references === 1 + valid) continue;
    return `a table page of level ${arena.levelOf(slot)} has ${references} references with ${valid} valid entries; ${1 + valid} is right`;
  }
  return undefined;
}

/** The return code of an op in short form. */
function codeOf(result: OpResult | undefined): number {
  return Array.isArray(result) ? Number(result[1]) : Number.NaN;
}
