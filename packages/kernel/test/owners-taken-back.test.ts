/** Ranges that have an owner: an unmap takes the annotation back, and with it the reference that it held. */
import type { Stage2Table } from '@s2bench/core/stage2';
import { findEntry } from '@s2bench/core/stage2';
import { expect, it } from 'vitest';
import { kernelModelOf } from '../src/index.ts';
import { parseScript, runScript } from '../src/ops/index.ts';
import { BREAK_FIRST } from './fixtures.ts';

const PAGE = 4096;
const BASE = 2 ** 30;

it('an unmap leaves nothing of an owner: neither its words nor its reference', () => {
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const lines = [
    'init ipa=40 fwb=0',
    `map ${hex(BASE)} ${hex(PAGE)} ${hex(BASE)} rw`,
    `setowner ${hex(BASE + PAGE)} ${hex(PAGE)} 1`,
    `unmap ${hex(BASE + PAGE)} ${hex(PAGE)}`,
  ];
  let table: Stage2Table | undefined;
  const results = runScript(parseScript(`${lines.join('\n')}\n`), {
    kernel: kernelModelOf('v6.1'),
    pageSizeBytes: PAGE,
    strategy: BREAK_FIRST,
    form: 'short',
    onTable: (made) => (table = made),
  });
  const seen: [number, number, number][] = [];
  for (const _ of results) {
    if (table === undefined) continue;
    const entry = findEntry(table, BASE + PAGE);
    const slot = table.slotOf(entry);
    seen.push([table.low(entry), table.high(entry), table.arena.refcounts[slot] ?? 0]);
    if (seen.length === 3) break;
  }
  const [mapped, owned, unmapped] = seen;
  expect(mapped).toEqual([0, 0, 2]);
  expect(owned?.[2]).toBe(3);
  expect(owned?.[0]).not.toBe(0);
  expect(unmapped).toEqual([0, 0, 2]);
});
