/** The page that an unsafe verdict links to. */
import type { RootContent } from 'mdast';
import { renderCounterexample } from '../counterexample/picture.ts';
import type { ProofPage } from '../schema.ts';
import { code, codeBlock, heading, link, paragraph, root } from './tree.ts';
import { writeMarkdown } from './write.ts';

/** A picture of a page: its file, from the report's folder, and the picture. */
export function proofPictures({ file, broken }: ProofPage): Map<string, string> {
  return new Map(
    broken.flatMap(({ text }, index) => {
      const svg = renderCounterexample(text);
      return svg === undefined ? [] : [[pictureFile(file, index), svg] as const];
    }),
  );
}

function pictureFile(file: string, index: number): string {
  return `${file.replace(/\.md$/, '')}${index === 0 ? '' : `-${index + 1}`}.svg`;
}

/** A page in GitHub's Markdown: each rule that is broken, with the fewest steps that were found to break it. */
export function renderProofPage(page: ProofPage): string {
  const { file, strategy, history, fwb, command, broken } = page;
  const pictures = proofPictures(page);
  const up = '../'.repeat(file.split('/').length - 1);
  return writeMarkdown(
    root([
      heading(1, code(strategy), ' under ', code(history), ` ${fwb ? 'with' : 'without'} FEAT_S2FWB: unsafe`),
      paragraph(
        'Found in a small world, with the strategy\u2019s own code, in all interleavings. No shorter way to break the rule was ',
        'found there. The ',
        link(`${up}README.md`, 'report'),
        ' says what the strategy gains by it.',
      ),
      ...broken.flatMap(({ rule, sentence, world, text }, index) => [
        heading(2, code(rule)),
        paragraph(sentence),
        ...imageOf(pictureFile(file, index), pictures),
        paragraph('World ', code(world), ':'),
        codeBlock('text', text.trimEnd()),
      ]),
      heading(2, 'How to see it again'),
      codeBlock('sh', command),
    ]),
  );
}

/** The picture beside its text, where there is one. */
function imageOf(file: string, pictures: ReadonlyMap<string, string>): RootContent[] {
  if (!pictures.has(file)) return [];
  const url = file.slice(file.lastIndexOf('/') + 1);
  const alt = 'The table before and after each step; the text below says the same';
  return [{ type: 'paragraph', children: [{ type: 'image', url, alt }] }];
}
