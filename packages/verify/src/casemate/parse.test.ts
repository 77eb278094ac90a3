import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerifyError } from '../errors.ts';
import { parseTrace } from './parse.ts';
import type { CasemateAction, CasemateRecord } from './records.ts';
import { DSB_KINDS, HINTS, MEM_ORDERS, SYSREGS, TLBIS_BY_ADDRESS, TLBIS_OF_ALL } from './records.ts';
import { writeTrace } from './write.ts';

const word64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const action: fc.Arbitrary<CasemateAction> = fc.oneof(
  fc.record({ name: fc.constantFrom('mem-init', 'mem-free'), address: word64, size: word64 }),
  fc.record({ name: fc.constant('mem-write'), order: fc.constantFrom(...MEM_ORDERS), address: word64, value: word64 }),
  fc.record({ name: fc.constant('mem-read'), address: word64, value: word64 }),
  fc.record({ name: fc.constant('mem-set'), address: word64, size: word64, value: word64 }),
  fc.record({ name: fc.constant('barrier'), barrier: fc.constant('dsb'), kind: fc.constantFrom(...DSB_KINDS) }),
  fc.record({ name: fc.constant('barrier'), barrier: fc.constant('isb') }),
  fc.record({ name: fc.constant('tlbi'), operation: fc.constantFrom(...TLBIS_OF_ALL) }),
  fc.record({ name: fc.constant('tlbi'), operation: fc.constantFrom(...TLBIS_BY_ADDRESS), value: word64 }),
  fc.record({ name: fc.constant('sysreg-write'), sysreg: fc.constantFrom(...SYSREGS), value: word64 }),
  fc.record({ name: fc.constant('hint'), kind: fc.constantFrom(...HINTS), location: word64, value: word64 }),
  fc.record({ name: fc.constantFrom('lock', 'trylock', 'unlock'), address: word64 }),
);
const src = fc.string().map((text) => text.replace(/["\\\n\r]/g, ''));
const record = fc
  .tuple(action, fc.nat({ max: 255 }), src)
  .map(([what, tid, from]): CasemateRecord => ({ ...what, tid, src: from }));

describe('a trace', () => {
  it('reads back as what was written, whatever its records', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        expect(parseTrace(writeTrace(records), 'x')).toEqual(records);
      }),
    );
  });

  it('has a record a line: hexadecimal without a prefix, id and tid in decimal', () => {
    const init = { name: 'mem-init', address: 0x100000000n, size: 0x1000n, src: 's' } as const;
    const records: CasemateRecord[] = Array.from({ length: 11 }, () => ({ ...init, tid: 12 }));
    const lines = writeTrace(records).split('\n');
    expect(lines[10]).toBe('(mem-init (id 10) (tid 12) (address 100000000) (size 1000) (src "s"))');
    expect(lines[11]).toBe('');
  });

  it('takes no source that its quotes could not hold', () => {
    expect(() => writeTrace([{ name: 'lock', address: 0n, tid: 0, src: 'a "b"' }])).toThrow(RangeError);
  });
});

describe('a trace that is wrong', () => {
  const good = '(lock (id 0) (tid 0) (address 1) (src "s"))';

  it.each([
    ['(lock (id 1) (tid 0) (address 0x1) (src "s"))', "'address' is '0x1': must be hexadecimal without 0x"],
    ['(lock (id 1) (tid 0) (address 12345678901234567) (src "s"))', 'must fit in 64 bits'],
    ['(lock (id 2) (tid 0) (address 1) (src "s"))', 'it must be 1'],
    ['(lock (id 1) (tid f) (address 1) (src "s"))', "'tid' is 'f': must be a decimal number"],
    ['(lock (id 1) (tid 0) (address 1))', "has no 'src', which a lock needs"],
    ['(lock (id 1) (tid 0) (address 1) (src s))', "'src' must stand in quotes"],
    ['(lock (id 1) (tid 0) (address "1") (src "s"))', "'address' must not stand in quotes"],
    ['(lock (id 1) (tid 0) (address 1) (size 1) (src "s"))', "has 'size', which a lock does not have"],
    ['(lock ish (id 1) (tid 0) (address 1) (src "s"))', "has 'ish', which a lock does not have"],
    ['(lock (id 1) (id 1) (tid 0) (address 1) (src "s"))', "has the field 'id' twice"],
    ['(lock (id 1) (tid 0) (address) (src "s"))', "has no value for 'address'"],
    ['(lock (id 1) (tid 0) (address 1) (src "s")', "ends where '(' or ')' must stand"],
    ['(lock (id 1) (tid 0) (address 1) (src "s")) x', "goes on after its last ')' with 'x'"],
    ['(lock (id 1) (tid 0) (address 1) (src "s))', 'cannot be read from'],
    ['lock', "has 'lock' where '(' must stand"],
    ['(lok (id 1) (tid 0) (address 1) (src "s"))', "'lok' is no record of a trace"],
    ['(barrier (id 1) (tid 0) dmb (src "s"))', "'barrier' is 'dmb': must be dsb, isb"],
    ['(barrier (id 1) (tid 0) dsb (kind osh) (src "s"))', "'kind' is 'osh': must be ish, ishst, nsh, sy"],
    ['(tlbi (id 1) (tid 0) (src "s"))', "'tlbi' is empty: must be vmalls12e1is"],
    ['(tlbi (id 1) (tid 0) vmalls12e1is (value 1) (src "s"))', "has 'value', which a tlbi does not have"],
  ])('%s', (line, what) => {
    const parse = (): unknown => parseTrace(`${good}\n\n${line}\n`, 'some.casemate');
    expect(parse).toThrow(VerifyError);
    expect(parse).toThrow('some.casemate:3: ');
    expect(parse).toThrow(what);
  });
});
