/** Walks that come in beyond an entry's begin: with the option of the kernel models, and without. */
import { kernelModelOf } from '@s2bench/kernel';
import { parseScript, runScript } from '@s2bench/kernel/ops';
import baseline from '@s2bench/strategy-baseline';
import { readVectors, type VectorGranule } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import v514 from './unaligned-walks-v5.14.json' with { type: 'json' };

/** An operation in the long form, or the final table. */
interface Line {
  readonly rc?: number;
  readonly xlate?: unknown;
  readonly n?: Readonly<Record<string, number>>;
  readonly ev?: readonly string[];
  readonly final?: { readonly leaves: unknown; readonly tables: unknown; readonly pages: unknown };
}

/** The operations, and the final table. */
function linesOf(kernel: string, script: string, pageSizeBytes: number): Line[] {
  const options = { kernel: kernelModelOf(kernel), pageSizeBytes, strategy: baseline, form: 'long' } as const;
  return ([...runScript(parseScript(script), options)] as Line[]).slice(0, -1);
}

/** What v5.14 and v5.12p1 have in common but for the walk: v5.14 writes 0 where the other leaves stale entries. */
function comparable(lines: readonly Line[]) {
  const { leaves, tables, pages } = lines.at(-1)?.final ?? {};
  const ops = lines.slice(0, -1).map(({ rc, xlate, n = {}, ev = [] }) => ({
    rc,
    ...(xlate !== undefined && { xlate }),
    tlbi: ev.filter((event) => /^[VI]/.test(event)),
    n: Object.fromEntries(Object.entries(n).filter(([kind]) => /^[AFGP]$/.test(kind))),
  }));
  return { ops, final: { leaves, tables, pages } };
}

describe('an unmap that begins in a hole of level 2', () => {
  const script = 'init ipa=40\nmap 2M 1M 4G rw\nmap 3M 1M 0x100100000 rw\nunmap 1M 4M\n';

  it.each([
    ['v5.11', 256],
    ['v5.12', 256],
    ['v5.12p1', 256],
    ['v5.12p1?aligned-walk=off', 256],
    ['v5.11?aligned-walk=on', 0],
    ['v5.12?aligned-walk=on', 0],
    ['v5.12p1?aligned-walk=on', 0],
  ])('in %s leaves %i pages of the next table mapped', (kernel, pages) => {
    expect(linesOf(kernel, script, 4096).at(-1)?.final?.leaves).toEqual([0, 0, 0, pages]);
  });
});

describe('v5.12p1 with aligned walks', () => {
  it.each(v514.scripts)('does what v5.14 does in $name, and without them does not', ({ name, granule, ...rest }) => {
    const script = readVectors(granule as VectorGranule, []).find((vector) => vector.name === name)?.script ?? '';
    const pageSizeBytes = Number.parseInt(granule) * 1024;
    expect(comparable(linesOf('v5.12p1?aligned-walk=on', script, pageSizeBytes))).toEqual(rest);
    expect(comparable(linesOf('v5.12p1', script, pageSizeBytes))).not.toEqual(rest);
  });
});
