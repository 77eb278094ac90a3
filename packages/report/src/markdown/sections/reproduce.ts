/** How to get the same report again. */
import type { RootContent } from 'mdast';
import { DIMENSIONS } from '../../cells.ts';
import type { ResultDocument } from '../../schema.ts';
import type { Inline } from '../tree.ts';
import { code, codeBlock, heading, list, paragraph } from '../tree.ts';
import { enumerate } from '../words.ts';

/** The command, and the versions of all that had a part. */
export function reproduceSection(document: ResultDocument): readonly RootContent[] {
  const { tool, strategies, kernels = [], cells } = document;
  const used = new Set(cells.flatMap(({ cell }) => [cell.strategy, cell.kernel]));
  const values = (key: 'kernel' | 'profile' | 'workload' | 'seed'): readonly Inline[] => {
    const dimension = DIMENSIONS.find((candidate) => candidate.key === key);
    const shown = new Set(cells.map(({ cell }) => dimension?.show(cell) ?? ''));
    return enumerate([...shown].map((value) => [code(value)]));
  };
  return [
    heading(2, 'How to reproduce it'),
    codeBlock('sh', document.command),
    paragraph(
      'The simulation is deterministic: the same versions give the same bytes on any machine. ',
      `This is ${tool.name} ${tool.version}, result schema ${String(document.schemaVersion)}`,
      ...(cells.length === 0
        ? ['.']
        : [
            ', kernel model ',
            ...values('kernel'),
            ', profile ',
            ...values('profile'),
            ', workload ',
            ...values('workload'),
            ', seed ',
            ...values('seed'),
            '.',
          ]),
    ),
    ...hashes(document),
    ...kernelList(kernels.filter(({ name }) => used.has(name))),
    ...strategyList(strategies.filter(({ name }) => used.has(name))),
  ];
}

/** Digits of a hash that tell one from another. */
const HASH_DIGITS = 12;

/** The hashes by which `s2bench compare` knows whether two results are of the same things. */
function hashes({ profiles, kernels = [], workloads = [], strategies, cells }: ResultDocument): readonly RootContent[] {
  const used = new Set(cells.flatMap(({ cell }) => [cell.profile, cell.kernel, cell.workload, cell.strategy]));
  const kinds = [
    ['of what a time depends on in the profile', profiles],
    ['of the options of the kernel model', kernels],
    ['of the code of the workload', workloads],
    ['of the code of each strategy', strategies],
  ] as const;
  const items = kinds.flatMap(([what, all]): (readonly Inline[])[] => {
    const known = all.filter(({ name, hash }) => used.has(name) && typeof hash === 'string');
    if (known.length === 0) return [];
    const each = known.map(({ name, hash }): readonly Inline[] => [
      code(name),
      ' ',
      code((hash ?? '').slice(0, HASH_DIGITS)),
    ]);
    return [[`${what}: `, ...enumerate(each), '.']];
  });
  return items.length === 0 ? [] : [paragraph('Hashes:'), list(false, items)];
}

function kernelList(kernels: NonNullable<ResultDocument['kernels']>): readonly RootContent[] {
  if (kernels.length === 0) return [];
  return [
    paragraph('Kernel models:'),
    list(
      false,
      kernels.map(({ name, summary }) => [code(name), `: ${summary.replace(/\.$/, '')}.`]),
    ),
  ];
}

function strategyList(strategies: ResultDocument['strategies']): readonly RootContent[] {
  if (strategies.length === 0) return [];
  return [
    paragraph('Strategies:'),
    list(
      false,
      strategies.map(({ name, version, summary, source }) => [
        code(name),
        version === undefined ? '' : ` ${version}`,
        `: ${summary.replace(/\.$/, '')}. Source: ${source.replace(/\.$/, '')}.`,
      ]),
    ),
  ];
}
