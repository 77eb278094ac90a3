/** The man page of the program, made of the tables that its help is made of. */
import { Command, type Help } from 'commander';
import { withTerminalOptions } from '../src/command-lines/terminal-flags.ts';
import { bold, entry, escaped, example, paragraph } from './roff.ts';

/** Columns of a text that is not to be broken: roff does that. */
const UNBROKEN = 1_000_000;

/** A name, and after two spaces or more what it is, as `helpText` has it. */
const DEFINITION = /^ +(\S(?:.*?\S)?) {2,}(\S.*)$/;

const EXITS = [
  ['0', 'what was asked for is done'],
  ['1', 'a condition of compare --fail-on is met; a strategy is not what it declares of itself'],
  ['2', 'bad input, in one line that says what would be right, or a strategy that throws or hangs'],
  ['3', 'verify met a bound before all was explored; compare was given results of different experiments'],
  ['70', 'a bug in s2bench'],
  ['130', 'Ctrl-C'],
] as const;

const ENVIRONMENT = [
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour in any case; the second is above the first, and --color above both'],
  ['COLUMNS', 'the width, where the terminal does not tell it'],
  ['XDG_CACHE_HOME', 'where s2bench/ keeps what explorations came to; ~/.cache if it is not set, on Linux'],
  [
    'S2BENCH_MAX_MEMORY_MIB',
    'what the program may hold before the thread that holds most is ended; 85 % of the machine if not set',
  ],
  ['S2BENCH_DEBUG', '1: where a bug or the fault of a plugin comes from'],
] as const;

const FILES = [
  ['s2bench.config.ts, s2bench.config.json', 'in the current directory: the flags in camel case, and presets'],
  ['reports/', 'the report of a preset, and what publish writes'],
  ['.results/', 'the journals of runs that were interrupted, for --resume; what bench --save keeps'],
] as const;

/**
 * The page, in the macros of man(7). It has no date and no version, so that the same commands give the same bytes.
 *
 * @param program - as `makeProgram` makes it; its help is no longer broken into lines afterwards
 */
export function manPage(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const common = commonOptions();
  const name = program.name();
  return `${[
    String.raw`.\" Made by "npm run man" of what the commands say of themselves: change that, not this.`,
    `.TH ${name.toUpperCase()} 1 "" ${name} "User Commands"`,
    '.SH NAME',
    String.raw`${name} \- model, check and time strategies for coalescing KVM/arm64 stage\-2 mappings`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, at) => [...(at === 0 ? [] : ['.br']), bold(usageOf(command, help, name))]),
    '.SH DESCRIPTION',
    escaped(program.description()),
    '.SH OPTIONS',
    ...help.visibleOptions(program).flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option))),
    ...paragraph('Of every command but help and completion:'),
    ...common.flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option))),
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(command, help, new Set(common.map(({ flags }) => flags)))),
    '.SH EXIT STATUS',
    ...EXITS.flatMap(([code, text]) => entry(code, text)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([variable, text]) => entry(variable, text)),
    '.SH FILES',
    ...FILES.flatMap(([path, text]) => entry(path, text)),
  ].join('\n')}\n`;
}

/** That of `help`, which commander adds, does not begin with the program's name. */
function usageOf(command: Command, help: Help, name: string): string {
  const usage = help.commandUsage(command).trim();
  return usage.startsWith(`${name} `) ? usage : `${name} ${usage}`;
}

type CommandOption = Command['options'][number];

/** Those that `withTerminalOptions` gives to each. */
function commonOptions(): readonly CommandOption[] {
  return withTerminalOptions(new Command()).options;
}

function section(command: Command, help: Help, left: ReadonlySet<string>): readonly string[] {
  const options = help.visibleOptions(command).filter(({ flags, long }) => !left.has(flags) && long !== '--help');
  return [
    `.SS ${escaped(help.subcommandTerm(command))}`,
    escaped(`${help.subcommandDescription(command)}.`),
    ...help
      .visibleArguments(command)
      .flatMap((argument) => entry(help.argumentTerm(argument), help.argumentDescription(argument))),
    ...options.flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option))),
    ...below(textBelow(command)),
  ];
}

/** What a command's help says below its flags. */
function textBelow(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (said) => (text += said), getOutHelpWidth: () => UNBROKEN });
  command.outputHelp();
  return text.slice(command.helpInformation().length);
}

/** Paragraphs, lists and commands of such a text. */
function below(text: string): readonly string[] {
  const lines: string[] = [];
  let commands: string[] = [];
  const endExample = (): void => {
    if (commands.length > 0) lines.push(...example(commands));
    commands = [];
  };
  for (const line of text.split('\n')) {
    const [, name, what] = DEFINITION.exec(line) ?? [];
    if (line.startsWith('  $ ')) {
      commands.push(line.trim());
      continue;
    }
    endExample();
    if (name !== undefined && what !== undefined) lines.push(...entry(name, what));
    else if (line.trim() !== '') lines.push(...paragraph(line.trim()));
  }
  endExample();
  return lines;
}
