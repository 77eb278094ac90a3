/** `s2bench watch`: looks at a strategy on every save, and shows what it saw. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatBytes, formatTime } from '@s2bench/report';
import { printable, printableLine } from '@s2bench/report/printable';
import { breakLines, displayWidth, type FitColumn, fitPlainTable, type PlainValue } from '@s2bench/report/text';
import { watch as watchFiles } from 'chokidar';
import { EXIT } from '../cli/errors.ts';
import { whenOutputIsGone } from '../cli/output.ts';
import { lineColumns, print, say, stdoutOptions, type TextOptions, watchInterrupt } from '../cli/terminal.ts';
import { checkTypes, type TypeCheck } from '../execute/watch/types.ts';
import { SpareWorkers } from '../execute/watch/spares.ts';
import { SETTING, type WatchCell, type WatchMessage, type WatchVerdict } from '../execute/watch/task.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../plugins/locate.ts';

/** The command's flags as commander gives them. */
export interface WatchFlags {
  readonly against: string;
}

/** Loading a module takes milliseconds; one that takes this long hangs. */
const LOAD_LIMIT_MS = 20_000;
/** An editor that saves in two steps is one save. */
const SETTLE_MS = 25;

/** Runs the command; the value is the exit code. It ends with Ctrl-C. */
export async function watch(text: string, { against }: WatchFlags): Promise<number> {
  const cwd = process.cwd();
  const known = discoverStrategies(cwd);
  const location = locateStrategy(text, known, cwd, 'watch');
  const beside = locateStrategy(against, known, cwd, '--against');
  const interrupt = watchInterrupt(() => 'stopped watching');
  const workers = new SpareWorkers();
  const watcher = watchFiles(pathsOf(location), { ignoreInitial: true });
  let looks = 0;
  let compiler = new AbortController();
  const look = async (sinceMs: number, since: string): Promise<void> => {
    const number = ++looks;
    // At each look: the window may have another width by then.
    const { columns, color } = stdoutOptions();
    // Into a pipe lines go whole, for grep; the rows of a counterexample are broken anywhere.
    const screen = new Screen(location.spec, { columns: lineColumns(), color });
    compiler.abort();
    compiler = new AbortController();
    const { signal } = compiler;
    const [entry = ''] = pathsOf(location);
    // The compiler takes a second, which nobody should wait for to see what the strategy does.
    const types = checkTypes(entry, cwd, signal).then(
      (check) => screen.addTypes(check),
      (error: unknown) =>
        screen.addTypes({ isChecked: false, why: error instanceof Error ? error.message : String(error) }),
    );
    const isDone = await workers.look(
      { url: location.entryUrl, againstUrl: beside.entryUrl, cwd, columns: roomOf(columns) },
      LOAD_LIMIT_MS,
      (message) => {
        if (message.kind === 'loaded' || message.kind === 'problem') watcher.add([...message.files]);
        screen.add(message);
      },
    );
    const isOver = (): boolean => number !== looks || interrupt.signal.aborted;
    if (isOver()) return;
    const [problem] = isDone ? screen.problems : [...screen.problems, 'its worker ended'];
    if (problem !== undefined) say(`${location.spec}: ${problem}`);
    else {
      const seconds = `${((performance.now() - sinceMs) / 1000).toFixed(2)} s ${since}`;
      show(screen.render(seconds));
      if (screen.typesText() !== undefined) return;
      await types;
      if (isOver()) return;
      // A terminal shows all of it anew; a pipe has the rest already.
      if (process.stdout.isTTY) show(screen.render(seconds));
      else print(screen.typesText() ?? '');
    }
  };
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (event) => {
    // A file that goes comes back in a moment, where an editor saves so.
    if (event === 'unlink') return;
    const savedMs = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => void look(savedMs, 'after the save'), SETTLE_MS);
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  interrupt.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  // Nobody can see what comes.
  whenOutputIsGone(() => resolve(undefined));
  try {
    await Promise.race([workers.ready(), promise]);
    void look(performance.now(), 'for the first look');
    await promise;
    return interrupt.signal.aborted ? EXIT.interrupted : EXIT.ok;
  } finally {
    clearTimeout(timer);
    compiler.abort();
    await watcher.close();
    await workers.stop();
    interrupt.stop();
  }
}

function show(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(CLEAR);
  print(text);
}

/** The file, or of a folder the one that is loaded. What it imports is added when it was. */
function pathsOf({ sourcePath, entryUrl }: StrategyLocation): string[] {
  return statSync(sourcePath).isFile() ? [sourcePath] : [fileURLToPath(new URL(new URL(entryUrl).pathname, 'file:'))];
}

const LABEL_WIDTH = 13;
const CLEAR = '\u001B[2J\u001B[3J\u001B[H';

/** Columns beside the labels. */
function roomOf(columns: number): number {
  return Math.max(LEAST_ROOM, columns - LABEL_WIDTH);
}
const LEAST_ROOM = 20;

/** What has been said of one save, as text. */
class Screen {
  #name: string;
  readonly #options: TextOptions;
  readonly #parts = new Map<WatchMessage['kind'], string>();
  readonly #problems: string[] = [];
  #types: string | undefined;

  constructor(spec: string, options: TextOptions) {
    this.#name = printableLine(spec);
    this.#options = options;
  }

  /** Why the strategy could not be looked at; both workers may say so. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** What the compiler said; `undefined` until it has. */
  typesText(): string | undefined {
    return this.#types;
  }

  /** Takes in what the compiler says. */
  addTypes(check: TypeCheck): void {
    const lines = check.isChecked ? check.errors.map((line) => printableLine(line)) : [];
    const text = check.isChecked ? lines.join('\n') || 'hold' : `not checked: ${printableLine(check.why)}`;
    this.#types = this.#labelled('types', text);
  }

  /** Takes in what a worker says. */
  add(unread: WatchMessage): void {
    const message = printable(unread, { keepsLines: true });
    switch (message.kind) {
      case 'loaded':
        this.#name = printableLine(message.name);
        break;
      case 'conformance':
        this.#parts.set(
          message.kind,
          this.#labelled('conformance', conformanceText(message.reports)) +
            (message.notes.length === 0 ? '' : this.#labelled('note', message.notes.join('\n'))),
        );
        break;
      case 'verdict':
        this.#parts.set(message.kind, this.#labelled('verdict', verdictText(message.verdict)));
        break;
      case 'effect':
        this.#parts.set(message.kind, this.#labelled('effect', this.#effect(message.againstName, message.cells)));
        break;
      case 'problem':
        this.#problems.push(message.problem);
        break;
      case 'ready':
    }
  }

  /**
   * The text.
   *
   * @param seconds - how long it took, and since when
   */
  render(seconds: string): string {
    const parts = (['conformance', 'verdict', 'effect'] as const).flatMap((kind) => this.#parts.get(kind) ?? []);
    return `${this.#name}\n${parts.join('')}${this.#types ?? ''}${this.#labelled('', `${seconds}; waiting for a save`)}`;
  }

  /** A label, and to its right the text, which goes on below itself where the terminal ends. */
  #labelled(label: string, text: string): string {
    const room = roomOf(this.#options.columns);
    const lines = text
      .split('\n')
      .flatMap((line) => (displayWidth(line) <= room ? [line] : breakLines(line, room, '  ')));
    return lines.map((line, at) => `${(at === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`.trimEnd() + '\n').join('');
  }

  #effect(againstName: string, cells: readonly WatchCell[]): string {
    const options = { ...this.#options, columns: roomOf(this.#options.columns) };
    return `${SETTING}; beside ${againstName}:\n${fitPlainTable(EFFECT_COLUMNS, cells.map(effectRow), options).text}`;
  }
}

/** The first finding in full, of the others the line. */
function conformanceText([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'holds';
  return [first, ...(others.length > 0 ? [''] : []), ...others.map((report) => report.split('\n')[0] ?? '')].join('\n');
}

function verdictText({ worlds, expected, unexpected, counterexample }: WatchVerdict): string {
  const lines = [
    ...unexpected.map((where) => `unsafe: breaks ${where}`),
    ...expected.map((where) => `breaks ${where}, as it expects`),
    ...(counterexample === undefined ? [] : ['', counterexample.trimEnd(), '']),
  ];
  return lines.length === 0 ? `safe in ${worlds} small worlds` : lines.join('\n');
}

const EFFECT_COLUMNS: readonly FitColumn[] = [
  { label: 'history', align: 'left', isKey: true },
  { label: 'time', align: 'left', breaks: true },
  { label: 'invalid window', align: 'left', breaks: true },
  { label: 'cleaned', align: 'right' },
  { label: 'stale reads', align: 'right' },
];

function effectRow({ history, stage, against }: WatchCell): PlainValue[] {
  const beside = (here: number, there: number): string => (there === 0 ? '' : ` (${(here / there).toFixed(2)}x)`);
  const { invalidWindow: window, staleReads } = stage;
  return [
    { text: history },
    { text: `${formatTime(stage.timeNs)}${beside(stage.timeNs, against.timeNs)}` },
    { text: `${formatTime(window.longestNs)}${beside(window.longestNs, against.invalidWindow.longestNs)}` },
    { text: formatBytes(stage.cleanedBytes) },
    { text: String(staleReads), alarm: staleReads > 0 ? 'red' : undefined },
  ];
}
