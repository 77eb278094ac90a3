/** Answers to questions as a Markdown page. */
import type { RootContent } from 'mdast';
import type { ProofClaim, ProofDocument, ProofSteps, ProofTable } from '../proof.ts';
import { code, codeBlock, details, heading, list, paragraph, root, strong, table } from './tree.ts';
import type { Inline } from './tree.ts';
import { writeMarkdown } from './write.ts';

/** A page of answers in GitHub's Markdown. The same document gives the same bytes. */
export function renderProof(document: ProofDocument): string {
  const { title, introduction, bounds, claims, command } = document;
  return writeMarkdown(
    root([
      heading(1, title),
      ...introduction.map((text) => paragraph(...withCode(text))),
      summary(claims),
      heading(2, 'What all of it rests on'),
      list(false, bounds.map(withCode)),
      ...claims.flatMap(claimSection),
      heading(2, 'Reproduce'),
      codeBlock('sh', command),
    ]),
  );
}

function summary(claims: readonly ProofClaim[]): RootContent {
  const columns = ['', 'question', 'answer', 'what was run'].map((label) => ({ label, align: 'left' as const }));
  const rows = claims.map(({ number, title, verdict, evidence }): Inline[][] => [
    [String(number)],
    [title],
    [strong(verdict)],
    [evidence],
  ]);
  return table({ columns, rows });
}

function claimSection({
  number,
  title,
  question,
  source,
  verdict,
  answer,
  tables,
  steps,
  bounds,
}: ProofClaim): RootContent[] {
  return [
    heading(2, `${number}. ${title}`),
    paragraph(...withCode(question), ` (${source})`),
    paragraph(strong(`${verdict}.`), ' ', ...withCode(answer)),
    ...tables.flatMap(tableSection),
    ...steps.flatMap(stepsSection),
    ...(bounds.length === 0 ? [] : [paragraph('Not shown:'), list(false, bounds.map(withCode))]),
  ];
}

function tableSection({ caption, columns, rows, folded }: ProofTable): readonly RootContent[] {
  const content = table({ columns, rows: rows.map((row) => row.map((cell) => withCode(cell))) });
  return folded ? details(caption, content) : [paragraph(...withCode(caption)), content];
}

function stepsSection({ caption, opening, rows, conclusion }: ProofSteps): RootContent[] {
  return [
    heading(3, ...withCode(caption)),
    paragraph(...withCode(opening)),
    codeBlock('text', rows),
    paragraph(strong(conclusion)),
  ];
}

/** Text in which names stand between back-quotes. */
function withCode(text: string): Inline[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? code(part) : part));
}
