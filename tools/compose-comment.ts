/** The Markdown of a pull request's comment. */
import { compareResults, parseResultDocument, renderComparisonHeadline } from '@s2bench/report';
import { type VerifyDocument, verifyDocumentSchema } from '@s2bench/verify';

/** What the targets of a strategy left behind, as text; `undefined` where one was not run. */
export interface StrategyResults {
  readonly strategy: string;
  /** `verify.json`. */
  readonly verify: string | undefined;
  /** `README.md` of the small matrix. */
  readonly report: string | undefined;
  /** `results.json` of the small matrix, which has one strategy beside. */
  readonly results?: string | undefined;
}

/** GitHub refuses a comment of 65 536 characters. Room is left for the line that says what is missing. */
const MAX_CHARACTERS = 65_000;

/** What `s2bench compare --markdown` says where no report has changed. */
const EQUAL = /^.* are equal: \d+ cells?\.$/;

/**
 * What is broken, then the news: that of the reports, or where these are as they were, that of each strategy beside the
 * baseline. Then verdicts, then times as long as there is room.
 */
export function composeComment(comparison: string, results: readonly StrategyResults[]): string {
  const verified = results.flatMap(({ strategy, verify }) =>
    verify === undefined ? [] : [{ strategy, ...verifyDocumentSchema.parse(JSON.parse(verify)) }],
  );
  const verdicts = verified.map(verdictRow);
  const table =
    verdicts.length === 0
      ? []
      : ['| strategy | verdict | worlds | states |', '| :-- | :-- | --: | --: |', ...verdicts, ''];
  const broken = verified.flatMap(({ strategy, results: found }) => {
    const rules = brokenRules(found);
    return rules.length === 0 ? [] : [`**Worse**: \`${strategy}\` breaks ${rules.join(', ')}.`, ''];
  });
  const headlines = results.flatMap(headline);
  const isNews = !comparison.split('\n').every((line) => line === '' || EQUAL.test(line));
  const reports = [comparison.trimEnd(), ''];
  const parts = [...broken, ...(isNews ? [...reports, ...headlines] : [...headlines, ...reports]), ...table];
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

/** What the strategy's small matrix says of it beside the one other strategy there. */
function headline({ strategy, results }: StrategyResults): string[] {
  if (results === undefined) return [];
  const document = parseResultDocument(results, `${strategy}: results.json`);
  const others = [...new Set(document.cells.map(({ cell }) => cell.strategy))].filter((name) => name !== strategy);
  const [other] = others;
  if (other === undefined || others.length > 1) return [];
  const half = (name: string) => ({
    name,
    document: { ...document, cells: document.cells.filter(({ cell }) => cell.strategy === name) },
  });
  const line = renderComparisonHeadline(compareResults(half(other), half(strategy)), strategy);
  return line === '' ? [] : [`${line.replace(/\.$/, '')}, beside \`${other}\`.`, ''];
}

function brokenRules(results: VerifyDocument['results']): string[] {
  return [...new Set(results.map(({ rule }) => rule).filter((rule) => rule !== undefined))].sort();
}

function verdictRow({ strategy, results }: Pick<VerifyDocument, 'results'> & { readonly strategy: string }): string {
  const broken = brokenRules(results);
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
