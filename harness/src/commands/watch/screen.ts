/** What `s2bench watch` shows after a save. */
import { formatBytes, formatTime } from '@s2bench/report';
import { SETTING, type WatchCell, type WatchMessage, type WatchVerdict } from '../../execute/watch/task.ts';

const LABEL_WIDTH = 13;
const CLEAR = '\u001B[2J\u001B[3J\u001B[H';

/** What has been said of one save, as text. */
export class Screen {
  #name: string;
  readonly #parts = new Map<WatchMessage['kind'], string>();
  readonly #problems: string[] = [];

  constructor(spec: string) {
    this.#name = spec;
  }

  /** Why the strategy could not be looked at; both workers may say so. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Takes in what a worker says. */
  add(message: WatchMessage): void {
    switch (message.kind) {
      case 'loaded':
        this.#name = message.name;
        break;
      case 'conformance':
        this.#parts.set(message.kind, conformanceText(message.reports));
        break;
      case 'verdict':
        this.#parts.set(message.kind, verdictText(message.verdict));
        break;
      case 'effect':
        this.#parts.set(message.kind, effectText(message.againstName, message.cells));
        break;
      case 'problem':
        this.#problems.push(message.problem);
        break;
      case 'ready':
    }
  }

  /**
   * The text. On a terminal it takes the place of what was there.
   *
   * @param seconds - how long it took, and since when
   */
  render(seconds: string, isTerminal: boolean): string {
    const parts = (['conformance', 'verdict', 'effect'] as const).flatMap((kind) => this.#parts.get(kind) ?? []);
    return `${isTerminal ? CLEAR : ''}${this.#name}\n${parts.join('')}${labelled('', `${seconds}; waiting for a save`)}`;
  }
}

function labelled(label: string, text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return [
    `${label.padEnd(LABEL_WIDTH)}${first}`,
    ...rest.map((line) => `${''.padEnd(LABEL_WIDTH)}${line}`.trimEnd()),
    '',
  ].join('\n');
}

/** The first finding in full, of the others the line. */
function conformanceText([first, ...others]: readonly string[]): string {
  if (first === undefined) return labelled('conformance', 'holds');
  return labelled(
    'conformance',
    [first, ...(others.length > 0 ? [''] : []), ...others.map((report) => report.split('\n')[0] ?? '')].join('\n'),
  );
}

function verdictText({ worlds, expected, unexpected, counterexample }: WatchVerdict): string {
  const lines = [
    ...unexpected.map((where) => `unsafe: breaks ${where}`),
    ...expected.map((where) => `breaks ${where}, as it expects`),
    ...(counterexample === undefined ? [] : ['', counterexample.trimEnd(), '']),
  ];
  return labelled('verdict', lines.length === 0 ? `safe in ${worlds} small worlds` : lines.join('\n'));
}

function effectText(againstName: string, cells: readonly WatchCell[]): string {
  return labelled('effect', [`${SETTING}; beside ${againstName}:`, ...cells.map(cellText)].join('\n'));
}

function cellText({ history, stage, against }: WatchCell): string {
  const beside = (here: number, there: number): string => (there === 0 ? '' : ` (${(here / there).toFixed(2)}x)`);
  const { invalidWindow: window } = stage;
  return [
    history.padEnd(14),
    `${formatTime(stage.timeNs)}${beside(stage.timeNs, against.timeNs)}`.padEnd(20),
    `window ${formatTime(window.longestNs)}${beside(window.longestNs, against.invalidWindow.longestNs)}`.padEnd(28),
    `cleaned ${formatBytes(stage.cleanedBytes)}`.padEnd(18),
    `stale reads ${stage.staleReads}`,
  ].join(' ');
}
