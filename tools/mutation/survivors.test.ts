import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scratch-clone.ts';
import { type Mutant, nameAround, onOneLine } from './mutants.ts';
import { isSourceOf, MUTATED } from './mutated.ts';
import { judge, parseSurvivors, type Survivor, survivorLine } from './survivors.ts';

const SURVIVOR: Survivor = {
  file: 'packages/machine/src/mmu-lock.ts',
  within: 'MmuLock.release',
  mutator: 'ConditionalExpression',
  from: 'this.#head > 1024',
  to: 'true',
};

const mutant = (status: Mutant['status'], change: Partial<Survivor> = {}): Mutant => ({
  ...SURVIVOR,
  ...change,
  line: 7,
  status,
});

describe('the list of survivors', () => {
  it('gives every mutant of a list the file of its heading', () => {
    const markdown = `# Survivors\n\n- a list of the preface\n\n## packages/a/src/b.ts\n\nWhy.\n\n${survivorLine(SURVIVOR)}\n`;
    expect(parseSurvivors(markdown)).toEqual([{ ...SURVIVOR, file: 'packages/a/src/b.ts' }]);
  });

  it('reads any code as it was written', () => {
    const code = fc.string({ maxLength: 40 }).map(onOneLine);
    fc.assert(
      fc.property(code, code, (from, to) => {
        const survivor = { ...SURVIVOR, from, to };
        expect(parseSurvivors(`## ${survivor.file}\n\nWhy.\n\n${survivorLine(survivor)}`)).toEqual([survivor]);
      }),
    );
  });

  it('demands a reason, for each file anew', () => {
    const line = survivorLine(SURVIVOR);
    expect(() => parseSurvivors(`## a.ts\n\n${line}`)).toThrow('line 3: a survivor without a reason');
    expect(() => parseSurvivors(`## a.ts\n\nWhy.\n\n${line}\n\n## b.ts\n\n${line}`)).toThrow('line 9');
    expect(() => parseSurvivors('## a.ts\n\nWhy.\n\n- something else')).toThrow('line 5: not a survivor');
  });

  it('of the project names files that are there and mutated', () => {
    const listed = parseSurvivors(readFileSync(join(ROOT, 'docs/mutation-survivors.md'), 'utf8'));
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.filter(({ file }) => !MUTATED.some((mutated) => isSourceOf(mutated, file)))).toEqual([]);
  });
});

describe('the verdict', () => {
  it('objects to a survivor that is not listed, and to one without any test', () => {
    const mutants = [mutant('Survived'), mutant('NoCoverage', { to: 'false' }), mutant('Killed', { from: 'a' })];
    expect(judge(mutants, [])).toEqual({ unlisted: mutants.slice(0, 2), gone: [] });
  });

  it('objects to a listed one that is dead or does not exist', () => {
    const listed = [SURVIVOR, { ...SURVIVOR, from: 'what was there before' }];
    expect(judge([mutant('Killed')], listed)).toEqual({ unlisted: [], gone: listed });
  });

  it('is content where all that survive are listed, wherever they stand by now', () => {
    expect(judge([mutant('Survived')], [SURVIVOR])).toEqual({ unlisted: [], gone: [] });
  });

  it('counts mutants that read alike', () => {
    expect(judge([mutant('Survived'), mutant('Survived')], [SURVIVOR]).unlisted).toHaveLength(1);
    expect(judge([mutant('Survived'), mutant('Killed')], [SURVIVOR, SURVIVOR]).gone).toHaveLength(1);
    for (const difference of ['file', 'within', 'mutator', 'from', 'to'])
      expect(judge([mutant('Survived', { [difference]: 'other' })], [SURVIVOR])).toMatchObject({
        unlisted: [{ [difference]: 'other' }],
        gone: [SURVIVOR],
      });
  });

  it('takes a listed one that timed out or was not run for neither dead nor alive', () => {
    for (const status of ['Timeout', 'NotRun'] as const)
      expect(judge([mutant(status)], [SURVIVOR])).toEqual({ unlisted: [], gone: [] });
  });
});

describe('the name of a mutant', () => {
  const text = `
    const LIMIT = 1 + 2;
    export class Lock {
      #held = true;
      constructor() { this.a = 3; }
      take(wait = 4) { return [5].map((each) => { const inner = each + 6; return inner; }); }
      get free() { return !7; }
    }
    function plain() { const local = 8; return local; }
    9;`;
  const source = ts.createSourceFile('lock.ts', text, ts.ScriptTarget.Latest, true);

  it.each([
    ['1 +', 'LIMIT'],
    ['true', 'Lock.#held'],
    ['3;', 'Lock.constructor'],
    ['4)', 'Lock.take'],
    ['6;', 'Lock.take'],
    ['7;', 'Lock.free'],
    ['8;', 'plain'],
    ['9;', 'module'],
  ])('at %s is %s', (code, name) => {
    expect(nameAround(source, text.indexOf(code))).toBe(name);
  });

  it('is one line, cut in the middle where it is long', () => {
    expect(onOneLine('{\n    a();\n  }')).toBe('{ a(); }');
    const long = onOneLine(`begin ${'x '.repeat(200)} end`);
    expect(long).toMatch(/^begin x .* … .* end$/);
    expect(long.length).toBeLessThan(120);
  });
});
