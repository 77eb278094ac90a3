/** The terminal: what is told on stderr, how far a run is, Ctrl-C, width and colour. */
import { writeSync } from 'node:fs';
import { printableJson, printableLine, printableText } from '@s2bench/report/printable';
import { breakLines } from '@s2bench/report/text';
import { EXIT } from './errors.ts';

/** How text is shown. */
export interface TextOptions {
  readonly columns: number;
  /** Whether to mark what matters in colour. The words are there without it. */
  readonly color: boolean;
}

/** When there is colour: where it is seen, or in any case. */
export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;

/** What the user has said about all that is shown. */
export interface TerminalChoice {
  readonly color: (typeof COLOR_CHOICES)[number];
  /** Results and problems only: no progress, no word on what has been written where. */
  readonly quiet: boolean;
}

let choice: TerminalChoice = { color: 'auto', quiet: false };

/** Takes the choice, for this program's run. */
export function chooseTerminal(chosen: TerminalChoice): void {
  choice = chosen;
}

/** As much of a stream as is asked; what is no terminal has none of it. */
export interface MaybeTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
}

/** Columns of a text that goes to a file, a pipe, or a terminal that does not know its width. */
const DEFAULT_COLUMNS = 120;

/**
 * What a stream shows. `--color` is above FORCE_COLOR, which is above NO_COLOR, as for Node and npm; a width that the
 * terminal does not tell is that of COLUMNS.
 */
export function textOptions(stream: MaybeTerminal): TextOptions {
  const terminal = stream.isTTY === true ? stream : undefined;
  return { columns: knownColumns(stream) ?? DEFAULT_COLUMNS, color: hasColor(terminal) };
}

/** Columns of prose and lists: what goes to a pipe keeps its lines whole there, for `grep`. */
export function lineColumns(stream: MaybeTerminal = process.stdout): number {
  return knownColumns(stream) ?? Infinity;
}

function knownColumns({ isTTY, columns }: MaybeTerminal): number | undefined {
  if (isTTY === true && columns !== undefined && columns > 0) return columns;
  const said = process.env['COLUMNS'] ?? '';
  return /^[1-9]\d{0,4}$/.test(said) ? Number(said) : undefined;
}

function hasColor(terminal: MaybeTerminal | undefined): boolean {
  if (choice.color !== 'auto') return choice.color === 'always';
  const { FORCE_COLOR: force, NO_COLOR: no } = process.env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return terminal?.hasColors?.() === true;
}

/** What stdout shows. */
export function stdoutOptions(): TextOptions {
  return textOptions(process.stdout);
}

/** Letters of a line on stderr: some list all names that would be right. */
const SAID_CHARS = 8000;

/**
 * A line for stderr, whoever wrote what stands in it. A terminal would break it anywhere; for programs it is one line.
 *
 * @param stream - what it goes to
 */
export function saidLine(line: string, { isTTY, columns = 0 }: MaybeTerminal = process.stderr): string {
  const said = `s2bench: ${printableLine(line, SAID_CHARS)}`;
  return `${isTTY === true && columns > 0 ? breakLines(said, columns, '  ').join('\n') : said}\n`;
}

/** Tells the user something that is no result, in one line on stderr. */
export function say(line: string): void {
  process.stderr.write(saidLine(line));
}

/** The same, of what has gone well: nothing where the user wants quiet. */
export function note(line: string): void {
  if (!choice.quiet) say(line);
}

/** A colour of ours. */
const PAINT = /(\u001B\[\d{1,3}m)/;

/** Text of several lines as it goes to a terminal: nothing is left that it would obey but our colours, where it has them. */
export function shownText(text: string, { color }: Pick<TextOptions, 'color'>): string {
  if (!color) return printableText(text, Infinity);
  return text
    .split(PAINT)
    .map((part) => (PAINT.test(part) ? part : printableText(part, Infinity)))
    .join('');
}

/** Prints a result as text, fit for a terminal. */
export function print(text: string, stdout: NodeJS.WritableStream & MaybeTerminal = process.stdout): void {
  stdout.write(shownText(text, textOptions(stdout)));
}

/** Prints a result as a JSON document. */
export function printJson(value: unknown, stdout: NodeJS.WritableStream = process.stdout): void {
  stdout.write(`${printableJson(value, 2)}\n`);
}

/** A progress display: shows on stderr how far a run is, and nothing where stderr is no terminal. */
export interface Progress {
  /** Counts one that has finished, and says which. */
  advance(last: string): void;
  /** Tells the user something, beside the display. */
  say(line: string): void;
  /** Takes the display away. Nothing may be printed to the terminal before. */
  stop(): void;
}

/** No display. */
export const SILENT: Progress = {
  advance: () => undefined,
  say,
  stop: () => undefined,
};

/** What is counted: `done` of `total` are there already. */
export interface ProgressCount {
  /** What they are: "cells". */
  readonly what: string;
  readonly total: number;
  readonly done: number;
}

/** Letters of what was finished last, beside the bar. */
const LAST_CHARS = 60;

/** Starts the display. */
export async function startProgress(
  { what, total, done }: ProgressCount,
  stream: NodeJS.WriteStream,
): Promise<Progress> {
  if (!stream.isTTY || choice.quiet) return SILENT;
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream,
    format: `{bar} {value}/{total} ${what}  {duration_formatted}, {eta_formatted} to go  {last}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
  let running = true;
  const stop = (): void => {
    if (!running) return;
    running = false;
    process.off('exit', stop);
    bar.stop();
  };
  // The display hides the cursor; it must come back however the program ends.
  process.once('exit', stop);
  bar.start(total, done, { last: '' });
  return {
    advance: (last) => {
      bar.increment({ last: printableLine(last, LAST_CHARS) });
    },
    say: (line) => {
      // Over the bar, which is drawn anew below.
      stream.write(`\r\x1b[2K${saidLine(line)}`);
      if (running) bar.update({});
    },
    stop,
  };
}

/** The user has stopped the run. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Watches for SIGINT and SIGTERM. */
export interface InterruptWatch {
  /** Aborts, with {@link Interrupted} as its reason, at the first signal. */
  readonly signal: AbortSignal;
  stop(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Watches for Ctrl-C. The first stops the run, the second ends the program at once.
 *
 * @param farewell - what to say at the first: at once, because npx passes a Ctrl-C on and the second may be near
 */
export function watchInterrupt(farewell: () => string): InterruptWatch {
  const abort = new AbortController();
  const handle = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    writeSync(process.stderr.fd, saidLine(farewell()));
    abort.abort(new Interrupted('stopped'));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: abort.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
