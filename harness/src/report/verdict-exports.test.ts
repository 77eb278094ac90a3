import type { VerifyResult } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { exportVerdicts } from './verdict-exports.ts';

const SAFE = {
  strategy: 'mine',
  kernel: 'v5.12p1',
  arch: 'strictest',
  world: 'partial-table',
  history: 'block-first',
  fwb: true,
  verdict: 'safe',
  states: 1915,
  depth: 19,
  elapsedMs: 301,
} as VerifyResult;
const UNSAFE = { ...SAFE, fwb: false, verdict: 'unsafe', rule: 'mapping', steps: 4 } as VerifyResult;
const DECLARED = { ...UNSAFE, strategy: 'a|b, #2', rule: 'data-coherency' } as VerifyResult;
const OPEN = { ...SAFE, verdict: 'incomplete' } as VerifyResult;
const RESULTS = [SAFE, UNSAFE, DECLARED, OPEN];
const JUDGEMENTS = [
  { name: 'mine', breaks: [] },
  { name: 'a|b, #2', breaks: ['data-coherency'] },
] as const;

describe('verdicts for other programs', () => {
  it('as CSV have a row for each world, with what is not there left empty', () => {
    const [head, ...rows] = exportVerdicts(RESULTS, JUDGEMENTS, 'csv').trimEnd().split('\n');
    expect(head).toBe('strategy,kernel,arch,world,history,fwb,verdict,rule,steps,states,depth,elapsedMs,finding');
    expect(rows[0]).toBe('mine,v5.12p1,strictest,partial-table,block-first,true,safe,,,1915,19,301,');
    expect(rows[2]).toMatch(/^"a\|b, #2",.*,unsafe,data-coherency,4,/);
  });

  it('as KTAP fail where a rule is broken, and not where that is declared', () => {
    const lines = exportVerdicts(RESULTS, JUDGEMENTS, 'ktap').split('\n');
    expect(lines.slice(0, 2)).toEqual(['KTAP version 1', '1..4']);
    expect(lines[2]).toBe('ok 1 strategy=mine kernel=v5.12p1 world=partial-table history=block-first fwb=on');
    expect(lines[3]).toMatch(/^not ok 2 [^#]* # unsafe: breaks mapping in 4 steps$/);
    expect(lines[4]).toMatch(/^not ok 3 strategy=a\|b, 2 [^#]* # XFAIL breaks data-coherency in 4 steps, as declared$/);
    expect(lines[5]).toMatch(/^not ok 4 [^#]* # TIMEOUT /);
  });

  it('as Markdown are a table whose values are escaped', () => {
    const lines = exportVerdicts(RESULTS, JUDGEMENTS, 'markdown').trimEnd().split('\n');
    expect(lines).toHaveLength(2 + RESULTS.length);
    expect(lines[0]).toMatch(/^\| strategy +\| kernel +\| world +\| history +\| FWB +\| verdict +\|/);
    expect(lines[4]).toContain('| a\\|b, #2 ');
  });
});
