import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { strategyPath } from '../../test/fixtures/program.ts';
import { UsageError } from '../cli/errors.ts';
import { ops, type OpsFlags } from './ops.ts';

const FLAGS: OpsFlags = { kernel: 'v5.12p1', strategy: 'baseline', pageSize: '4K', form: 'short' };
const SCRIPT = 'init ipa=40\nmap 0x40000000 0x1000 0x100000000 rw\n';

class Collector extends Writable {
  text = '';
  chunks = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.chunks++;
    // Slower than the writer, so that it has to wait.
    setImmediate(done);
  }
}

function scriptFile(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 's2bench-ops-')), name);
  writeFileSync(path, text);
  return path;
}

async function run(files: string[], flags: Partial<OpsFlags> = {}, stdin = '') {
  const stdout = new Collector({ highWaterMark: 1024 });
  const stderr = new Collector();
  const code = await ops(files, { ...FLAGS, ...flags }, { stdin: Readable.from([stdin]), stdout, stderr });
  await new Promise<void>((resolve) => stdout.end(() => stderr.end(resolve)));
  return { code, stdout: stdout.text, stderr: stderr.text, chunks: stdout.chunks };
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('s2bench ops', () => {
  it('prints the script, an array an operation, the final table and its end', async () => {
    const file = scriptFile('a.txt', SCRIPT);
    const { code, stdout, stderr } = await run([file]);
    const [script, op, final, destroy] = linesOf(stdout);
    expect(script).toEqual({ script: file });
    expect(op).toEqual([0, 0, 'D1A2G3', 'd9dc1b3e']);
    expect(final).toMatchObject({ final: { start_level: 1, leaves: [0, 0, 0, 1], refs_ok: true } });
    expect(destroy).toEqual({ destroy: { F: 4, V: 0, I: 0, W: 0, left: 0 } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('reads standard input and prints the long form', async () => {
    const { stdout } = await run(['-'], { form: 'long', kernel: 'v5.11', pageSize: '64K' }, SCRIPT);
    const [script, op] = linesOf(stdout);
    expect(script).toEqual({ script: '-' });
    expect(op).toMatchObject({ i: 0, op: 'map 0x40000000 0x1000 0x100000000 rw', rc: 0, n: { A: 1, G: 2 } });
  });

  it('says which operations the kernel model does not have, and nothing where it has all', async () => {
    const script = 'init ipa=40\nmap 0 2M 4G rw\nsplit 0 2M 8\nsetowner 4G 4K 1\ntestclear 0 2M 1\n';
    const early = await run(['-'], {}, script);
    expect(linesOf(early.stdout)).toContainEqual([1, 'unsup']);
    expect(early).toMatchObject({
      code: 0,
      stderr:
        's2bench: ops -: split 0 2M 8 and 2 more: "unsup", since kernel model v5.12p1 does not do that; --kernel v6.12 does\n',
    });
    expect(await run(['-'], { kernel: 'v6.12', strategy: 'upstream' }, script)).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints nothing when one of the scripts is malformed, and says where in one line', async () => {
    const good = scriptFile('good.txt', SCRIPT);
    const bad = scriptFile('bad.txt', 'init\n# a comment\nmap 1G 2M 4G\n');
    const { code, stdout, stderr } = await run([good, bad]);
    expect(stdout).toBe('');
    expect(stderr).toBe(`${bad}:3: expected "map IPA SIZE PA PROT", found 3 operands\n`);
    expect(code).toBe(2);
  });

  it('writes large outputs in chunks, and loses nothing to a slow reader', async () => {
    const pages = Array.from({ length: 4000 }, (_, page) => `map ${page * 4096} 4K ${page * 4096} rw`);
    const { stdout, chunks } = await run(['-'], {}, `init\n${pages.join('\n')}\n`);
    expect(linesOf(stdout)).toHaveLength(4003);
    expect(chunks).toBeGreaterThan(1);
    expect(chunks).toBeLessThan(20);
  });

  it.each<[string, string[], Partial<OpsFlags>, string]>([
    ['a missing file', ['/nowhere/a.txt'], {}, 'ops /nowhere/a.txt: there is no such file'],
    ['a folder', [tmpdir()], {}, `ops ${tmpdir()}: it is a folder`],
    ['standard input twice', ['-', '-'], {}, 'ops -: standard input can be read once only'],
    [
      'an unknown kernel model',
      ['-'],
      { kernel: 'v5.10' },
      '--kernel v5.10: unknown kernel model; modelled are v5.11,',
    ],
    [
      'two kernel models',
      ['-'],
      { kernel: 'v5.12?aligned-walk=on,off' },
      '--kernel v5.12?aligned-walk=on,off: 2 kernel models, where one is wanted',
    ],
    [
      'an option that a kernel model has not',
      ['-'],
      { kernel: 'v5.12?align=on' },
      '--kernel v5.12?align=on: option align: unknown option of v5.12; known: aligned-walk, unmap-hint',
    ],
    [
      'an unknown strategy',
      ['-'],
      { strategy: 'basline' },
      '--strategy basline: unknown strategy; did you mean baseline?',
    ],
    ['an unknown page size', ['-'], { pageSize: '8K' }, '--page-size 8K: not a page size of Arm'],
    ['an unknown form', ['-'], { form: 'medium' }, '--form medium: unknown form'],
  ])('refuses %s', async (_, files, flags, message) => {
    const refusal = run(files, flags, SCRIPT);
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow(message);
  });

  it('says which strategy threw, after what was done before', async () => {
    const strategy = scriptFile(
      'thrower.js',
      `export default { name: 'thrower', summary: 's', source: 's', contractVersion: 1, tablePre() { throw new Error('no'); } };`,
    );
    const { code, stdout, stderr } = await run(['-'], { strategy }, `${SCRIPT}map 0x40001000 0x1000 0x100001000 rw\n`);
    expect(linesOf(stdout)).toHaveLength(2);
    expect(stderr).toBe('s2bench: strategy thrower threw in tablePre: no\n');
    expect(code).toBe(2);
  });

  it('gives a strategy its options, and takes one only', async () => {
    const strategy = strategyPath('threshold');
    const script = `${SCRIPT}map 0x40000000 0x200000 0x100000000 rw\n`;
    const { stderr } = await run(['-'], { strategy: `${strategy}?threshold=13&order=last` }, script);
    expect(stderr).toBe('s2bench: strategy threshold?threshold=13&order=last threw in tablePre: threshold 13, last\n');
    expect((await run(['-'], { strategy: `${strategy}?threshold=14` }, script)).code).toBe(0);
    await expect(run(['-'], { strategy: `${strategy}?threshold=13,14` }, script)).rejects.toThrow(
      '2 strategies, where one is wanted',
    );
  });

  it('keeps its exit code when its reader has gone, and does not wait for it', async () => {
    const stdout = new PassThrough({ highWaterMark: 1 });
    const stderr = new Collector();
    const pages = Array.from({ length: 4000 }, (_, page) => `map ${page * 4096} 4K ${page * 4096} rw`);
    const stdin = Readable.from([`init\n${pages.join('\n')}\n`]);
    const running = ops(['-'], FLAGS, { stdin, stdout, stderr });
    stdout.once('readable', () => stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })));
    expect(await running).toBe(0);
  });

  it.each([
    [
      'ends its thread',
      'leaf() { process.exit(0); }',
      'its worker ended before it was done; a module must not call process.exit',
    ],
    [
      'throws what is no error',
      'leaf() { throw { toString() { throw 1; } }; }',
      'threw in leaf: an error that cannot be read',
    ],
    ['throws an escape', String.raw`leaf() { throw new Error('\x1b[2J\x9b'); }`, 'threw in leaf: \uFFFD[2J\uFFFD'],
  ])('has exit code 2 where a strategy %s', async (_, visitor, message) => {
    const text = `export default { name: 'bad', summary: 's', source: 's', contractVersion: 1, ${visitor} };`;
    const strategy = scriptFile('bad.js', text);
    const { code, stderr } = await run(['-'], { strategy }, SCRIPT);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^s2bench: [^\n]+\n$/);
    expect(code).toBe(2);
  });
});
