import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scratch-clone.ts';
import { FAULTS, plant } from './faults.ts';
import { MUTATED } from './mutated.ts';

describe('a named fault', () => {
  it.each(FAULTS)('fits into the code as it stands: $name', (fault) => {
    const text = readFileSync(join(ROOT, fault.file), 'utf8');
    const faulty = plant(fault, text);
    expect(faulty).not.toBe(text);
    expect(faulty.length).toBe(text.length - fault.from.length + fault.to.length);
  });

  it('belongs to what is mutated, and none has the name of another', () => {
    const rooms = new Set(MUTATED.map(({ name }) => name));
    expect(FAULTS.filter((fault) => !rooms.has(fault.room))).toEqual([]);
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  it('is refused where it fits nowhere, or twice', () => {
    const fault = { name: 'late', room: 'machine', file: 'clock.ts', from: 'tick', to: 'tock' };
    expect(plant(fault, 'one tick')).toBe('one tock');
    expect(() => plant(fault, 'none')).toThrow('clock.ts: "late" fits 0 times, not once');
    expect(() => plant(fault, 'tick tick')).toThrow('clock.ts: "late" fits 2 times, not once');
  });
});
