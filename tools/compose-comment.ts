/** The Markdown of a pull request's comment. */
import { verifyDocumentSchema } from '@s2bench/verify';

/** What the targets of a strategy left behind, as text; `undefined` where one was not run. */
export interface StrategyResults {
  readonly strategy: string;
  /** `verify.json`. */
  readonly verify: string | undefined;
  /** `README.md` of the small matrix. */
  readonly report: string | undefined;
}

/** GitHub refuses a comment of 65 536 characters. Room is left for the line that says what is missing. */
const MAX_CHARACTERS = 65_000;

/** The comparison, then verdicts, then times as long as there is room. */
export function composeComment(comparison: string, results: readonly StrategyResults[]): string {
  const verdicts = results.flatMap(({ strategy, verify }) =>
    verify === undefined ? [] : [verdictRow(strategy, verify)],
  );
  const table =
    verdicts.length === 0
      ? []
      : ['| strategy | verdict | worlds | states |', '| :-- | :-- | --: | --: |', ...verdicts, ''];
  const parts = [comparison.trimEnd(), '', ...table];
  let length = parts.join('\n').length;
  const omitted: string[] = [];
  for (const { strategy, report } of results) {
    if (report === undefined) continue;
    const folded = `<details><summary>Times of <code>${strategy}</code></summary>\n\n${withoutImages(report).trimEnd()}\n\n</details>\n`;
    if (length + folded.length > MAX_CHARACTERS) omitted.push(strategy);
    else {
      parts.push(folded);
      length += folded.length + 1;
    }
  }
  if (omitted.length > 0) parts.push(`Left out, as a comment has a limit: the times of ${omitted.join(', ')}.`);
  return `${parts.join('\n').trimEnd()}\n`;
}

function verdictRow(strategy: string, text: string): string {
  const { results } = verifyDocumentSchema.parse(JSON.parse(text));
  const broken = [...new Set(results.map(({ rule }) => rule).filter((rule) => rule !== undefined))].sort();
  const complete = results.every(({ verdict }) => verdict !== 'incomplete');
  const verdict =
    broken.length > 0 ? `breaks ${broken.join(', ')}` : complete ? 'safe' : 'nothing found, not everything explored';
  const worlds = new Set(results.map(({ world }) => world)).size;
  const states = results.reduce((sum, result) => sum + result.states, 0);
  return `| \`${strategy}\` | ${verdict} | ${worlds} | ${states.toLocaleString('en')} |`;
}

/** They lie beside the report, where a comment cannot reach them. */
function withoutImages(markdown: string): string {
  return markdown.replaceAll(/^!\[.*\]\(.*\)\n+/gm, '').replaceAll(/^(#+) /gm, '##$1 ');
}
