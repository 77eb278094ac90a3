/** Command lines that nobody should write: flags and values that do not exist, or stand where they must not. */
import fc from 'fast-check';

/** A small valid start of each command. What could go on for minutes, or until Ctrl-C, is wrong from the start. */
const STARTS: readonly (readonly string[])[] = [
  [
    'run',
    '--vcpus',
    '1',
    '--memory',
    '4M',
    '--granule',
    '2M',
    '--history',
    'block-first',
    '--strategy',
    'baseline',
    '--json',
    '--no-verify',
  ],
  ['run', '--vcpus', '1', '--memory', '4M', '--strategy', 'nobody'],
  ['verify', 'baseline', '--world', 'partial-table', '--fwb', 'on', '--max-states', '50'],
  ['verify', 'nobody'],
  ['watch', './nothing.ts'],
  ['compare', 'good.json', 'good.json'],
  ['compare', '--base', 'no-such-revision'],
  ['rank', 'good.json'],
  ['rank', 'good.json', '--stage', 'nothing'],
  ['publish', 'mine'],
  ['publish', 'mine', 'nothing.json'],
  ['merge', 'good.json'],
  ['worker', '--redis', 'nonsense'],
  ['list', 'presets'],
  ['list', 'kernels', '--json'],
  ['ops', 'script.txt'],
  ['calibrate', '--check', './profile.json'],
  ['calibrate', '--plan', 'good.json'],
  ['bench', '--time', '1', '--filter', 'yardstick', '--rounds', '1'],
  ['bench', '--time', '1', '--filter', 'no such benchmark'],
];

const FLAGS = [
  ...[
    '--strategy',
    '--vcpus',
    '--memory',
    '--granule',
    '--page-size',
    '--backing',
    '--history',
    '--profile',
    '--kernel',
  ],
  ...[
    '--workload',
    '--stages',
    '--seed',
    '--preset',
    '--config',
    '--out',
    '--json',
    '--jobs',
    '--cell-timeout',
    '--resume',
  ],
  ...['--shard', '--executor', '--exact', '--world', '--rule', '--fwb', '--arch', '--max-states', '--max-seconds'],
  ...[
    '--max-memory',
    '--replay',
    '--export-casemate',
    '--zoo',
    '--against',
    '--base',
    '--head',
    '--merge-base',
    '--fail-on',
  ],
  ...[
    '--markdown',
    '--mail',
    '--title',
    '--redis',
    '--form',
    '--plan',
    '--check',
    '--filter',
    '--time',
    '--save',
    '--rounds',
  ],
  ...['--nonsense', '-x', '--', '--=', '--vcpus=', '--no-', '--no-verify', '--help=1'],
];

const VALUES = [
  ...[
    '',
    ' ',
    '-',
    '--',
    ',',
    ',,',
    '?',
    '?=',
    '&',
    '0',
    '-1',
    '1e309',
    'NaN',
    '0x10',
    '9'.repeat(400),
    '1/0',
    '0/0',
    '3/',
  ],
  ...[
    '.',
    '..',
    '../../..',
    '/',
    '/dev/null',
    '/dev/zero',
    '/dev/full',
    '/proc/self/mem',
    '/proc/nothing',
    './loop',
    './folder',
  ],
  ...[
    'good.json',
    './broken.json',
    './empty.json',
    './large.json',
    './folder.json',
    './broken.ts',
    './exits.ts',
    './throws.ts',
  ],
  ...[
    'baseline',
    'baseline?x=1',
    'baseline?',
    '__proto__',
    'constructor',
    'toString',
    'v5.12?align=1',
    'all',
    '!progress',
  ],
  ...['\u001B[2J', '\u202Eevil', '\u009B2J', 'a\nb', 'a\u0000b', '\uD800', 'javascript:alert(1)', 'x'.repeat(1 << 16)],
  ...[
    'redis://',
    'redis://127.0.0.1:1',
    'redis://a:b@[::1',
    'http://127.0.0.1',
    '4K,16K',
    '1Q',
    '999999999T',
    '(',
    '*.timeNs>',
    'verdict',
  ],
];

const word = fc.oneof(
  { arbitrary: fc.constantFrom(...FLAGS), weight: 3 },
  { arbitrary: fc.constantFrom(...VALUES), weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 12 }), weight: 1 },
);

/** What makes a command wait for somebody, or work for minutes, where it is right. */
const isEndless = (line: readonly string[]): boolean =>
  line.includes('--zoo') || line.includes('--help') || (line.includes('--preset') && line.includes('thread-2021'));

/** A command line. */
export const commandLine: fc.Arbitrary<readonly string[]> = fc
  .oneof(
    { arbitrary: fc.array(word, { maxLength: 4 }), weight: 1 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom(...STARTS),
          fc.array(fc.tuple(fc.nat(), word), { minLength: 1, maxLength: 3 }),
          fc.boolean(),
        )
        .map(([start, edits, replaces]) => {
          const line = [...start];
          for (const [at, text] of edits) line.splice(1 + (at % line.length), replaces ? 1 : 0, text);
          return line;
        }),
      weight: 6,
    },
  )
  .filter((line) => !isEndless(line) && isBounded(line));

/** Whether a line that turns out to be right ends in seconds: what bounds its start still stands there. */
function isBounded([command, ...rest]: readonly string[]): boolean {
  const has = (...words: readonly string[]): boolean =>
    rest.some((_, at) => words.every((one, nth) => rest[at + nth] === one));
  switch (command) {
    case 'run':
      return has('--strategy', 'nobody') || (has('--memory', '4M') && has('--vcpus', '1') && has('--no-verify'));
    case 'verify':
      return has('nobody') || (has('baseline', '--world', 'partial-table') && has('--max-states', '50'));
    case 'bench':
      return (has('--rounds', '1') && !has('--against')) || has('--filter', 'no such benchmark');
    case 'calibrate':
      return has('--plan', 'good.json') || has('--check', './profile.json');
    case 'worker':
      return has('--redis', 'nonsense');
    case 'watch':
      return has('./nothing.ts');
    default:
      return true;
  }
}
