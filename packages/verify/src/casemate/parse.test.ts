import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerifyError } from '../errors.ts';
import { parseTrace } from './parse.ts';
import type { CasemateAction, CasemateRecord } from './records.ts';
import { DSB_KINDS, HINTS, MEM_ORDERS, SRC, SYSREGS, TLBIS_BY_ADDRESS, TLBIS_OF_ALL } from './records.ts';
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
const src = fc.string().map((text) => `f:${text.replace(/["\\\n\r]/g, '')}:1`);
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
    const init = { name: 'mem-init', address: 0x100000000n, size: 0x1000n, src: 'f:t.c:1' } as const;
    const records: CasemateRecord[] = Array.from({ length: 11 }, () => ({ ...init, tid: 12 }));
    const lines = writeTrace(records).split('\n');
    expect(lines[10]).toBe('(mem-init (id 10) (tid 12) (address 100000000) (size 1000) (src "f:t.c:1"))');
    expect(lines[11]).toBe('');
  });

  it.each(['a "b":1', 'no colon', '', 'f:t.c\\:1', 'f:\n1'])('takes no source %j', (wrong) => {
    expect(SRC.test(wrong)).toBe(false);
    expect(() => writeTrace([{ name: 'lock', address: 0n, tid: 0, src: wrong }])).toThrow(RangeError);
  });

  it('is read with 0x too, and as far as a log says that it was refused', () => {
    const lines = [
      '(lock (id 0) (tid 0) (address 0xaB) (src "tests/lock.c:5"))',
      '(tlbi (id 1) (tid 0) vae2is (value 0x1) (src "tests/lock.c:6"))',
      '! BBM valid->valid',
      'what comes behind it is no record',
    ];
    expect(parseTrace(lines.join('\n'), 'some.log')).toEqual([
      { name: 'lock', tid: 0, address: 0xabn, src: 'tests/lock.c:5' },
      { name: 'tlbi', tid: 0, operation: 'vae2is', value: 1n, src: 'tests/lock.c:6' },
    ]);
  });
});

describe('a trace that is wrong', () => {
  const good = '(lock (id 0) (tid 0) (address 1) (src "f:t.c:1"))';

  it.each([
    [
      '(lock (id 1) (tid 0) (address 1x0) (src "f:t.c:1"))',
      "'address' is '1x0': must be hexadecimal, with 0x or without",
    ],
    ['(lock (id 1) (tid 0) (address 0x) (src "f:t.c:1"))', "'address' is '0x': must be hexadecimal"],
    ['(lock (id 1) (tid 0) (address 1) (src "f"))', '\'src\' is "f": must be FUNCTION:FILE:LINE'],
    ['(lock (id 1) (tid 0) (address 12345678901234567) (src "f:t.c:1"))', 'must fit in 64 bits'],
    ['(lock (id 2) (tid 0) (address 1) (src "f:t.c:1"))', 'it must be 1'],
    ['(lock (id 1) (tid f) (address 1) (src "f:t.c:1"))', "'tid' is 'f': must be a decimal number"],
    ['(lock (id 1) (tid 0) (address 1))', "has no 'src', which a lock needs"],
    ['(lock (id 1) (tid 0) (address 1) (src f:t.c:1))', "'src' must stand in quotes"],
    ['(lock (id 1) (tid 0) (address "1") (src "f:t.c:1"))', "'address' must not stand in quotes"],
    ['(lock (id 1) (tid 0) (address 1) (size 1) (src "f:t.c:1"))', "has 'size', which a lock does not have"],
    ['(lock ish (id 1) (tid 0) (address 1) (src "f:t.c:1"))', "has 'ish', which a lock does not have"],
    ['(lock (id 1) (id 1) (tid 0) (address 1) (src "f:t.c:1"))', "has the field 'id' twice"],
    ['(lock (id 1) (tid 0) (address) (src "f:t.c:1"))', "has no value for 'address'"],
    ['(lock (id 1) (tid 0) (address 1) (src "f:t.c:1")', "ends where '(' or ')' must stand"],
    ['(lock (id 1) (tid 0) (address 1) (src "f:t.c:1")) x', "goes on after its last ')' with 'x'"],
    ['(lock (id 1) (tid 0) (address 1) (src "f:t.c:1))', 'cannot be read from'],
    ['lock', "has 'lock' where '(' must stand"],
    ['(lok (id 1) (tid 0) (address 1) (src "f:t.c:1"))', "'lok' is no record of a trace"],
    ['(barrier (id 1) (tid 0) dmb (src "f:t.c:1"))', "'barrier' is 'dmb': must be dsb, isb"],
    ['(barrier (id 1) (tid 0) dsb (kind osh) (src "f:t.c:1"))', "'kind' is 'osh': must be ish, ishst, nsh, sy"],
    ['(tlbi (id 1) (tid 0) (src "f:t.c:1"))', "'tlbi' is empty: must be ipas2e1is"],
    ['(tlbi (id 1) (tid 0) ipas2e1is (src "f:t.c:1"))', "has no 'value', which a tlbi needs"],
    ['(tlbi (id 1) (tid 0) vmalls12e1is (value 1) (src "f:t.c:1"))', "has 'value', which a tlbi does not have"],
  ])('%s', (line, what) => {
    const parse = (): unknown => parseTrace(`${good}\n\n${line}\n`, 'some.casemate');
    expect(parse).toThrow(VerifyError);
    expect(parse).toThrow('some.casemate:3: ');
    expect(parse).toThrow(what);
  });
});
