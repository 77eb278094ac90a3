import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_HASH, hashDecimal, hashHex, hashText } from '../src/ops/event-hash.ts';
import { EventRecorder } from '../src/ops/recorder.ts';

/** FNV-1a, 32 bits, as its authors write it. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

const addresses = fc.oneof(fc.integer({ min: 0, max: 2 ** 53 - 1 }), fc.nat(), fc.nat({ max: 15 }));

describe('the hash of events', () => {
  it('is that of their text', () => {
    expect(hashText(EMPTY_HASH)).toBe('811c9dc5');
    fc.assert(
      fc.property(addresses, fc.nat(), (address, serial) => {
        expect(hashText(hashHex(EMPTY_HASH, address))).toBe(fnv1a(` 0x${address.toString(16)}`));
        expect(hashText(hashDecimal(EMPTY_HASH, serial))).toBe(fnv1a(` ${serial}`));
      }),
    );
  });

  it('goes over all events, whether their text is kept or not', () => {
    const effect = fc.record({
      kind: fc.constantFrom('V', 'I', 'D', 'C', 'A', 'F', 'G', 'P'),
      address: addresses,
      small: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(effect), fc.nat({ max: 5 }), (effects, keep) => {
        const recorder = new EventRecorder(keep);
        const texts: string[] = [];
        for (const { kind, address, small } of effects) {
          const hex = `0x${address.toString(16)}`;
          if (kind === 'V') recorder.tlbiVmid();
          else if (kind === 'I') recorder.tlbiIpa(address, small);
          else if (kind === 'D') recorder.dcacheClean(address, small * 4096);
          else if (kind === 'C') recorder.icacheInvalidate(address, small * 4096);
          else if (kind === 'A') recorder.tableAllocated(small);
          else if (kind === 'F') recorder.tableFreed(small);
          else if (kind === 'G') recorder.referencesTaken(small);
          else recorder.referencesDropped(small);
          if (kind === 'V') texts.push('V');
          else if (kind === 'I') texts.push(`I ${hex} ${small}`);
          else if ('DC'.includes(kind)) texts.push(`${kind} ${hex} 0x${(small * 4096).toString(16)}`);
          else if ('AF'.includes(kind)) texts.push(`${kind} ${small}`);
        }
        expect(recorder.hash).toBe(fnv1a(texts.map((text) => `${text}\n`).join('')));
        expect(recorder.events).toEqual(texts.slice(0, keep));
        expect(recorder.textEvents).toBe(texts.length);
      }),
    );
  });
});

describe('a recorder', () => {
  it('counts an op and the whole script, references by their number', () => {
    const recorder = new EventRecorder(0);
    recorder.referencesTaken(3);
    recorder.tlbiVmid();
    recorder.reset();
    recorder.referencesTaken(2);
    expect(recorder.counts.toRecord()).toMatchObject({ G: 2, V: 0 });
    expect(recorder.totals.toRecord()).toMatchObject({ G: 5, V: 1 });
  });

  it('asks its probe again only after an entry was written', () => {
    const recorder = new EventRecorder(0);
    let asked = 0;
    let translated = true;
    recorder.setProbe(() => {
      asked++;
      return translated;
    });
    recorder.referencesTaken(5);
    recorder.tlbiVmid();
    translated = false;
    recorder.entryInvalidated();
    recorder.referencesDropped(7);
    expect(asked).toBe(2);
    expect([recorder.probedUntranslated, recorder.probed]).toEqual([7, 13]);
  });
});
