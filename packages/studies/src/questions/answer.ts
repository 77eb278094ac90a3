/** A claim with what was run for it, as a part of the page. */
import type { ProofClaim, ProofSteps, ProofTable } from '@s2bench/report';
import { formatCount } from '@s2bench/report';
import { type Claim, type ExploreResult, isAsExpected, type Run, type Thread } from './claim.ts';

/** Rows from which a table is folded away. */
const LONG_TABLE_ROWS = 14;

/** The claim as it stands in the page. Where a scenario found something else than it should, it is not answered. */
export function answerOf(claim: Claim, thread: Thread, runs: readonly Run[]): ProofClaim {
  const { number, title, question, bounds } = claim;
  const others = runs.filter(({ scenario, result }) => !isAsExpected(scenario, result));
  const verdict = others.length === 0 ? claim.verdict : 'Not answered';
  const answer =
    others.length === 0
      ? claim.answer
      : `What was found is not what the answer says: ${others.map(mismatch).join('; ')}.`;
  const tables = others.length === 0 ? (claim.tables?.(runs) ?? [runTable(runs)]) : [runTable(runs)];
  return {
    number,
    title,
    question,
    source: sourceOf(claim, thread),
    verdict,
    answer,
    evidence: evidenceOf(runs),
    tables,
    steps: runs.flatMap(stepsOf),
    bounds,
  };
}

/** Where a claim comes from, in words. */
function sourceOf({ number, comments }: Claim, { messageId, commentDates }: Thread): string {
  const dated = comments.map((comment) => {
    const date = commentDates[comment];
    if (date === undefined) throw new RangeError(`claim ${number}: comment ${comment} has no date`);
    return `#${comment} of ${date}`;
  });
  return `${comments.length === 1 ? 'comment' : 'comments'} ${dated.join(', ')} to ${messageId}`;
}

/** What a scenario found in place of what it should, in one line. */
export function mismatch({ scenario, result }: Run): string {
  const what =
    scenario.kind === 'explore'
      ? `\`${scenario.subject}\` in \`${scenario.world}\` (${scenario.history}, FWB ${onOff(scenario.fwb)})`
      : scenario.subjects.map((name) => `\`${name}\``).join(' beside ');
  return `${what} found ${result.found}, not ${scenario.expects}`;
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

function evidenceOf(runs: readonly Run[]): string {
  const explored = runs.flatMap(({ result }) => (result.kind === 'explore' ? [result] : []));
  const worlds = new Set(runs.flatMap(({ scenario }) => (scenario.kind === 'explore' ? [scenario.world] : [])));
  const operations = runs.reduce((sum, { result }) => sum + (result.kind === 'sample' ? result.operations : 0), 0);
  const states = explored.reduce((sum, result) => sum + result.states, 0);
  const through = explored.filter(({ found }) => found === 'nothing');
  return [
    `${explored.length} searches of ${worlds.size} worlds`,
    `${formatCount(states)} states`,
    completeness(explored.length - through.length, through),
    ...(operations === 0 ? [] : [`${formatCount(operations)} random operations`]),
  ].join('; ');
}

function completeness(ended: number, through: readonly ExploreResult[]): string {
  const complete = through.filter((result) => result.complete).length;
  const all = complete === through.length ? `${complete} complete` : `${complete} of ${through.length} complete`;
  return ended === 0 ? all : `${all}, ${ended} ended by what they found`;
}

/** A row for each scenario. */
function runTable(runs: readonly Run[]): ProofTable {
  const left = ['what is run', 'world', 'history', 'FWB', 'looks for', 'found'].map((label) => ({
    label,
    align: 'left' as const,
  }));
  const right = ['steps', 'states'].map((label) => ({ label, align: 'right' as const }));
  return {
    caption: `${runs.length} runs. A search that found nothing has seen every state.`,
    columns: [...left, ...right],
    rows: runs.map(rowOf),
    folded: runs.length > LONG_TABLE_ROWS,
  };
}

function rowOf({ scenario, result }: Run): readonly string[] {
  if (scenario.kind === 'explore' && result.kind === 'explore') {
    const { subject, world, history, fwb, looksFor } = scenario;
    const look = looksFor === 'rules' ? 'all rules' : `\`${looksFor}\``;
    const found = result.found === 'nothing' || result.found === 'incomplete' ? result.found : `\`${result.found}\``;
    return [
      `\`${subject}\``,
      `\`${world}\``,
      `\`${history}\``,
      onOff(fwb),
      look,
      found,
      result.turns === undefined ? '' : String(result.turns),
      formatCount(result.states),
    ];
  }
  if (scenario.kind === 'sample' && result.kind === 'sample') {
    const names = scenario.subjects.map((name) => `\`${name}\``).join(', ');
    const size = `tables of 512 entries, ${scenario.scripts} random scripts, seed ${scenario.seed}`;
    return [
      names,
      size,
      '',
      'off',
      `a difference; ${formatCount(result.coalesces)} coalesces in ${formatCount(result.operations)} operations`,
      result.found,
      '',
      '',
    ];
  }
  throw new Error('a result is not of its scenario');
}

function stepsOf({ scenario, result }: Run): readonly ProofSteps[] {
  if (
    scenario.kind !== 'explore' ||
    result.kind !== 'explore' ||
    scenario.shown === undefined ||
    result.steps === undefined
  )
    return [];
  const { subject, world, history, fwb } = scenario;
  const { opening, rows, conclusion } = result.steps;
  return [
    {
      caption: scenario.shown,
      opening: `\`${subject}\` in \`${world}\`, ${history}, FWB ${onOff(fwb)}. ${opening}`,
      rows,
      conclusion,
    },
  ];
}
