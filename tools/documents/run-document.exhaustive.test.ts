/** A document that is run, in a scratch clone: its commands, its types, its modules, each a process. */
import { describe, expect, it } from 'vitest';
import { exceptionsSchema } from './exceptions.ts';
import { piecesOf } from './pieces.ts';
import { DocumentRun, type Step } from './run-document.ts';

const DOCUMENT = 'docs/page.md';

describe('a document that is run', () => {
  const page = `\`\`\`sh
cat mine.ts | wc -l
test -e elsewhere.txt
echo one; echo two
\`\`\`

\`\`\`text
one
three
\`\`\`

\`\`\`ts file=late.ts
const unused: number = 'text';
\`\`\`

\`\`\`ts file=strategies/baseline/src/index.ts
export default 1;
\`\`\`
`;
  it('has its files, says what fails and shows what was printed', async () => {
    const shown = '```ts file=mine.ts\nexport const mine = 1;\n```\n';
    const pieces = [...piecesOf(DOCUMENT, page), ...piecesOf('docs/other.md', shown)];
    const steps: Step[] = [];
    const exceptions = exceptionsSchema.parse({
      prepare: { [DOCUMENT]: { files: { 'mine.ts': 'docs/other.md' } } },
      exceptions: [
        { document: DOCUMENT, code: 'test -e elsewhere.txt', instead: 'test -e nowhere.txt', reason: 'a test' },
      ],
    });
    await new DocumentRun(DOCUMENT, pieces, exceptions, (step) => steps.push(step)).run();
    expect(steps.map(({ code, fault }) => [code, fault])).toEqual([
      ['cat mine.ts | wc -l', undefined],
      ['test -e nowhere.txt', 'it ended with 1\n'],
      ['echo one; echo two', 'it ended with 1\none\ntwo\nIt did not print\none\nthree\n'],
      ['compare with strategies/baseline/src/index.ts', expect.stringMatching(/^it shows +export default 1;\n/)],
      ['tsc late.ts strategies/baseline/src/index.ts', expect.stringContaining("late.ts(1,7): error TS6133: 'unused'")],
      ['load late.ts', undefined],
    ]);
  });
});
