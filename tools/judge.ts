/**
 * `npm run judge -- PATH-TO-CASEMATE FOLDER`: asks a build of Casemate about every trace that
 * `s2bench verify --export-casemate FOLDER` wrote, and says rule by rule whether it agrees. Casemate is no part of this
 * repository: whoever has it names its program, casemate-check. Exit code 1: it disagrees; 2: it cannot be asked.
 */
import { resolve } from 'node:path';
import { RULE_NAMES } from '@s2bench/verify';
import { CasemateBuild, JudgeError } from './casemate-build.ts';
import { type Judged, judgeExport, readExport } from './judge-export.ts';

const USAGE = 'npm run judge -- PATH-TO-CASEMATE FOLDER';
/** As wide as the headings of the numbers, with a space before them. */
const NUMBER_WIDTH = 10;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof JudgeError)) throw error;
  process.stderr.write(`judge: ${error.message}\n`);
  process.exitCode = 2;
}

async function main(args: readonly string[]): Promise<number> {
  const [path, folder, ...others] = args;
  if (path === undefined || folder === undefined || others.length > 0)
    throw new JudgeError(`takes two arguments, and got ${args.length}: ${USAGE}`);
  // npm changes to the root of the repository.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const exported = readExport(resolve(cwd, folder));
  const build = await CasemateBuild.at(resolve(cwd, path));
  const { isTTY } = process.stderr;
  const judged = await judgeExport(build, resolve(cwd, folder), exported, (count) => {
    if (isTTY) process.stderr.write(`\r${count} of ${exported.traces.length} traces`);
  });
  if (isTTY) process.stderr.write('\r\x1b[K');
  const disagreements = judged.flatMap(({ disagreement }) => disagreement ?? []);
  process.stdout.write(
    [
      `${build.version}; what is expected is what casemate ${exported.casemate} answers`,
      '',
      ...tableOf(judged),
      '',
      ...disagreements,
      `${judged.length} traces, ${disagreements.length} disagreements`,
      '',
    ].join('\n'),
  );
  return disagreements.length === 0 ? 0 : 1;
}

/** By rule: first what Casemate can judge, then what it cannot, where only its answer is foreseen. */
function tableOf(judged: readonly Judged[]): string[] {
  const inReach = judged.filter(({ trace }) => trace.expected !== 'out-of-reach');
  const beyond = judged.filter(({ trace }) => trace.expected === 'out-of-reach');
  const rows = [
    ...rowsOf(inReach, ({ trace }) => trace.rule ?? 'no rule is broken'),
    ...rowsOf(beyond, ({ trace }) => `out of reach: ${trace.rule ?? trace.limits.join(', ')}`),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [['rule', 'traces', 'agree', 'disagree', 'not asked'] as const, ...rows].map(([name, ...numbers]) =>
    [name.padEnd(width), ...numbers.map((number) => String(number).padStart(NUMBER_WIDTH))].join(''),
  );
}

type Row = readonly [name: string, traces: number, agree: number, disagree: number, notAsked: number];

function rowsOf(judged: readonly Judged[], nameOf: (one: Judged) => string): Row[] {
  const order = ({ trace }: Judged): number => (trace.rule === undefined ? -1 : RULE_NAMES.indexOf(trace.rule));
  const inOrder = judged.toSorted((a, b) => order(a) - order(b));
  return [...Map.groupBy(inOrder, nameOf)].map(([name, group]) => {
    const disagree = group.filter(({ disagreement }) => disagreement !== undefined).length;
    const notAsked = group.filter(({ trace }) => trace.answer === undefined).length;
    return [name, group.length, group.length - disagree - notAsked, disagree, notAsked];
  });
}
