/** The page that an unsafe verdict links to. */
import type { ProofPage } from '../schema.ts';
import { code, codeBlock, heading, link, paragraph, root } from './tree.ts';
import { writeMarkdown } from './write.ts';

/** A page in GitHub's Markdown: each rule that is broken, with the fewest steps that were found to break it. */
export function renderProofPage({ file, strategy, history, fwb, command, broken }: ProofPage): string {
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
      ...broken.flatMap(({ rule, sentence, world, text }) => [
        heading(2, code(rule)),
        paragraph(sentence),
        paragraph('World ', code(world), ':'),
        codeBlock('text', text.trimEnd()),
      ]),
      heading(2, 'How to see it again'),
      codeBlock('sh', command),
    ]),
  );
}
