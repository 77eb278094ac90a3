/** What is read of a document, and what is found wrong with it: small documents, each with one mistake. */
import { describe, expect, it } from 'vitest';
import { exceptionOf, exceptionsSchema, lostFiles, sourceNamed, staleOrMissing } from './exceptions.ts';
import { unknownIn } from './mentions.ts';
import { missingPart } from './output.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { firstDifference } from './same-code.ts';

const DOCUMENT = 'docs/page.md';

const PAGE = `# A page

Say \`npx s2bench list strategies\`, or look at \`s2bench merge\` and its \`--json\`; \`s2bench.config.ts\` is a file.

\`\`\`sh
npx s2bench run --vcpus 4   # a part of it
npx s2bench verify mine \\
  --world all

npx s2bench list kernels
\`\`\`

\`\`\`text
first
…
last
\`\`\`

\`\`\`ts file=mine.ts
export const a = 1;
\`\`\`

\`\`\`ts file=mine.ts
export const b = 2;
\`\`\`

\`\`\`ts
console.log(1);
\`\`\`

\`\`\`mermaid
flowchart TD
\`\`\`
`;

describe('what is read of a document', () => {
  it('is commands without their comments, sources by file, mentions, and blocks that nobody can run', () => {
    expect(piecesOf(DOCUMENT, PAGE)).toEqual([
      { kind: 'command', document: DOCUMENT, line: 3, code: 'npx s2bench list strategies' },
      { kind: 'mention', document: DOCUMENT, line: 3, code: 's2bench merge' },
      { kind: 'mention', document: DOCUMENT, line: 3, code: '--json' },
      { kind: 'command', document: DOCUMENT, line: 6, code: 'npx s2bench run --vcpus 4' },
      { kind: 'command', document: DOCUMENT, line: 8, code: 'npx s2bench verify mine --world all' },
      {
        kind: 'command',
        document: DOCUMENT,
        line: 10,
        code: 'npx s2bench list kernels',
        output: 'first\n…\nlast',
      },
      { kind: 'source', document: DOCUMENT, line: 19, file: 'mine.ts', code: 'export const a = 1;' },
      { kind: 'source', document: DOCUMENT, line: 23, file: 'mine.ts', code: 'export const b = 2;' },
      { kind: 'source', document: DOCUMENT, line: 27, file: 'snippet-27.ts', code: 'console.log(1);' },
      { kind: 'block', document: DOCUMENT, line: 31, code: 'flowchart TD' },
    ]);
    expect(sourceNamed(piecesOf(DOCUMENT, PAGE), DOCUMENT, 'mine.ts')).toBe(
      'export const a = 1;\n\nexport const b = 2;\n',
    );
  });
});

describe('the list of exceptions', () => {
  const listOf = (code: string, prepare = {}): ReturnType<typeof exceptionsSchema.parse> =>
    exceptionsSchema.parse({ prepare, exceptions: [{ document: DOCUMENT, code, reason: 'a drawing' }] });
  const pieces = piecesOf(DOCUMENT, PAGE);

  it('is complete where each of its entries is in a document, and each block that cannot be run has one', () => {
    expect(staleOrMissing(listOf('flowchart TD', { [DOCUMENT]: { files: { 'mine.ts': DOCUMENT } } }), pieces)).toEqual(
      [],
    );
  });
  it('says which entry no document has any more, and which block has none', () => {
    expect(staleOrMissing(listOf('npx s2bench list profiles'), pieces)).toEqual([
      `documents.json: ${DOCUMENT} does not say "npx s2bench list profiles"`,
      `${DOCUMENT}:31: a block that is neither sh, ts nor the text that follows sh: "flowchart TD"; documents.json may say why`,
    ]);
  });
  it('says what a document takes for granted that no document shows', () => {
    const prepare = { 'docs/gone.md': {}, [DOCUMENT]: { files: { 'yours.ts': DOCUMENT } } };
    expect(staleOrMissing(listOf('flowchart TD', prepare), pieces)).toEqual([
      'documents.json: prepare: there is nothing to run in docs/gone.md',
      `documents.json: prepare: ${DOCUMENT} shows no yours.ts`,
    ]);
  });
  it('belongs to one document', () => {
    const [command] = piecesOf('README.md', '`npx s2bench list strategies`');
    expect(exceptionOf(listOf('npx s2bench list strategies'), command as Piece)).toBeUndefined();
  });
  it('refers to files that there are', () => {
    const reason = 'needs a server: test/server.test.ts runs it, a step of .ci/run';
    const list = exceptionsSchema.parse({ prepare: {}, exceptions: [{ document: DOCUMENT, code: 'serve', reason }] });
    expect(lostFiles(list, (path) => path === 'test/server.test.ts')).toEqual([]);
    expect(lostFiles(list, () => false)).toEqual([
      'documents.json: the reason of "serve": there is no test/server.test.ts',
    ]);
  });
  it('has a reason for each entry', () => {
    const exceptions = [{ document: DOCUMENT, code: 'flowchart TD', reason: '' }];
    expect(exceptionsSchema.safeParse({ prepare: {}, exceptions }).success).toBe(false);
  });
});

describe('a mention', () => {
  const program = new Map([
    ['run', new Set(['--vcpus', '--json'])],
    ['merge', new Set(['--json'])],
  ]);
  const mentioned = (code: string): string | undefined =>
    unknownIn({ kind: 'mention', document: DOCUMENT, line: 3, code }, program);

  it.each(['s2bench merge', 's2bench run --vcpus 4 --json', '--vcpus 1,4', 's2bench COMMAND --json', 's2bench'])(
    'of %s is right',
    (code) => {
      expect(mentioned(code)).toBeUndefined();
    },
  );
  it.each([
    ['s2bench join', 's2bench has no command join'],
    ['s2bench merge --vcpus 4', 's2bench merge has no --vcpus'],
    ['--cpus', 'no command of s2bench has no --cpus'],
  ])('of %s is wrong', (code, what) => {
    expect(mentioned(code)).toBe(`${DOCUMENT}:3: ${code}: ${what}`);
  });
});

describe('an output', () => {
  const PRINTED = 'a\nb  \nc\n\nd\ne\n';
  it('may leave lines out where it says so, and end lines without blanks', () => {
    expect(missingPart('b\nc\n…\ne', PRINTED)).toBeUndefined();
  });
  it.each([
    ['another line', 'b\nx', 'b\nx'],
    ['a line left out in silence', 'a\nc', 'a\nc'],
    ['another order', 'd\n…\na', 'a'],
  ])('is not %s', (_, shown, missing) => {
    expect(missingPart(shown, PRINTED)).toBe(missing);
  });
});

describe('code that is shown', () => {
  it('may leave out comments and blank lines, and no word of the code', () => {
    const actual = "/** Doc. */\nexport const a = {\n  // Why.\n  b: ['c', 'd'],\n\n  e: 1,\n};\n";
    expect(firstDifference("export const a = {\n  b: ['c', 'd'],\n  e: 1,\n};\n", actual)).toBeUndefined();
    expect(firstDifference("export const a = {\n  b: ['c'],\n  e: 1,\n};\n", actual)).toEqual({
      // As TypeScript prints it.
      shown: 'b: ["c"],',
      actual: 'b: ["c", "d"],',
    });
  });
});
