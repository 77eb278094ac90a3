import { describe, expect, it } from 'vitest';
import { parseScript, ScriptError } from '../src/ops/script.ts';

function whatOf(line: string): unknown {
  const [first] = parseScript(`init\n${line}`).lines;
  return first?.what;
}

describe('a script', () => {
  it('begins with init, and knows its defaults', () => {
    const flags = { shared: true, fault: true, pagesOnly: false };
    expect(parseScript('init').init).toEqual({ ipaBits: 40, fwb: false, tlbRange: false, flags });
    expect(parseScript('# first\n\n init ipa=36 fwb=1 tlbrange=1 shared=0 fault=0 # last').init).toEqual({
      ipaBits: 36,
      fwb: true,
      tlbRange: true,
      flags: { shared: false, fault: false, pagesOnly: false },
    });
  });

  it('may have comments, blank lines, tabs, carriage returns and a byte-order mark', () => {
    const { lines } = parseScript('\uFEFFinit\r\n\r\n  unmap\t1G   4K # gone\r\n#\r\nflush 0 0\r\n');
    expect(lines.map(({ line, text }) => [line, text])).toEqual([
      [3, 'unmap\t1G   4K'],
      [5, 'flush 0 0'],
    ]);
  });

  it('reads decimal, hexadecimal and units', () => {
    expect(whatOf('map 1G 0x200000 2048M rwx')).toEqual({
      kind: 'map',
      address: 2 ** 30,
      sizeBytes: 2 ** 21,
      phys: 2 ** 31,
      protection: { read: true, write: true, execute: true, device: false },
    });
    expect(whatOf('unmap 0XABCDEF000 12k')).toEqual({ kind: 'unmap', address: 0xabcdef000, sizeBytes: 12288 });
    expect(whatOf('relax 0 -')).toMatchObject({
      protection: { read: false, write: false, execute: false, device: false },
    });
  });

  it('reads 64 bits: addresses beyond 2^53 without their offset in a page, sizes as they wrap', () => {
    expect(whatOf('map 0xffffffffffffffff 0xfffffffffffff000 0xfffffffffffff123 r')).toMatchObject({
      address: 2 ** 64 - 4096,
      sizeBytes: -4096,
      phys: 2 ** 64 - 4096,
    });
  });

  it('sets the memory cache, the probe and the walk flags', () => {
    expect(whatOf('set mc=3')).toEqual({ kind: 'memory-cache', pages: 3 });
    expect(whatOf('set mc=null')).toEqual({ kind: 'memory-cache', pages: null });
    expect(whatOf('set mc=inf')).toEqual({ kind: 'memory-cache', pages: Infinity });
    expect(whatOf('set force=1')).toEqual({ kind: 'flags', flags: { pagesOnly: true } });
    expect(whatOf('set fault=0')).toEqual({ kind: 'flags', flags: { fault: false } });
    expect(whatOf('probe 4K')).toEqual({ kind: 'probe', address: 4096 });
    expect(whatOf('probe off')).toEqual({ kind: 'probe', address: undefined });
  });

  it('reads what later kernels have', () => {
    expect(whatOf('testclear 0 4K 1')).toEqual({ kind: 'testclear', address: 0, sizeBytes: 4096, clear: true });
    expect(whatOf('split 1G 2M 513')).toEqual({ kind: 'split', address: 2 ** 30, sizeBytes: 2 ** 21, pages: 513 });
    expect(whatOf('setowner 0 4K 1')).toEqual({ kind: 'setowner', address: 0, sizeBytes: 4096, owner: 1 });
    expect(whatOf('mkold 4K')).toEqual({ kind: 'mkold', address: 4096, sizeBytes: 1 });
    expect(whatOf('mkold 4K 2M')).toEqual({ kind: 'mkold', address: 4096, sizeBytes: 2 ** 21 });
  });
});

describe('a malformed script', () => {
  it.each<[string, number, string]>([
    ['', 1, 'no init line: a script starts with "init ipa=40"'],
    ['# nothing\n', 1, 'no init line: a script starts with "init ipa=40"'],
    ['\nmap 0 4K 0 r', 2, 'map before init: a script starts with "init ipa=40"'],
    ['init\ninit', 2, 'init must stand once, on the first line'],
    ['init ipa=31', 1, 'ipa=31: must be from 32 to 48'],
    ['init ipa=49', 1, 'ipa=49: must be from 32 to 48; LPA and LPA2, whose guests have up to 52, are not modelled'],
    ['init\ntestclear 0 4K yes', 2, 'the last operand=yes: must be 0 or 1'],
    ['init\nmkold', 2, 'expected "mkold IPA [SIZE]", found 0 operands'],
    ['init\nmkold 0 4K 1', 2, 'expected "mkold IPA [SIZE]", found 3 operands'],
    ['init ipa=forty', 1, '"forty" is not a number: write 4096, 4K or 0x1000'],
    ['init fwb=2', 1, 'fwb=2: must be 0 or 1'],
    ['init fwb', 1, '"fwb" is not k=v'],
    ['init fwb=', 1, '"fwb=" is not k=v'],
    ['init fwb=1=1', 1, '"fwb=1=1" is not k=v'],
    ['init colour=1', 1, 'unknown setting "colour": init takes ipa, fwb, tlbrange, shared, fault, force'],
    ['init constructor=1', 1, 'unknown setting "constructor": init takes ipa, fwb, tlbrange, shared, fault, force'],
    ['init\nset toString=1', 2, 'unknown setting "toString": set takes mc, shared, fault, force'],
    ['init\nset', 2, 'expected "set k=v ..."'],
    ['init\nset ipa=40', 2, 'unknown setting "ipa": set takes mc, shared, fault, force'],
    ['init\nset mc=some', 2, '"some" is not a number: write 4096, 4K or 0x1000'],
    ['init\nset force=yes', 2, 'force=yes: must be 0 or 1'],
    ['init\nmap 0 4K 0', 2, 'expected "map IPA SIZE PA PROT", found 3 operands'],
    ['init\nunmap 0 4K 0', 2, 'expected "unmap IPA SIZE", found 3 operands'],
    ['init\nprobe', 2, 'expected "probe IPA|off", found 0 operands'],
    ['init\nmap 0 4K 0 rq', 2, '"rq" is not a protection: a subset of rwx, d for device, or -'],
    ['init\nmap -1 4K 0 r', 2, '"-1" is not a number: write 4096, 4K or 0x1000'],
    ['init\nmap 0 4T 0 r', 2, '"4T" is not a number: write 4096, 4K or 0x1000'],
    ['init\nmap 0x 4K 0 r', 2, '"0x" is not a number: write 4096, 4K or 0x1000'],
    ['init\nunmap 0x10000000000000000 1', 2, '"0x10000000000000000" is too large: at most 2^64 - 1'],
    ['init\nsplit 0 1', 2, 'expected "split IPA SIZE NOBJS", found 2 operands'],
  ])('%j is refused in line %i', (text, line, message) => {
    let error: unknown;
    try {
      parseScript(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({ line, message });
  });

  it('names an unknown op and all known ones', () => {
    expect(() => parseScript('init\nremap 0 0')).toThrow('unknown op "remap": must be one of set, probe, map, unmap');
  });
});
