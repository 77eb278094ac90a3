/** The options that say which matrix: the same for each command that runs one. */
import { type Command, Option } from 'commander';
import { hasOptions, LIST_FLAGS, LIST_KEYS } from '../options/run-flags.ts';

/** Collects the values of a flag that may stand there several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** The option of hooks, which may stand there several times. */
export function hookOption(key: 'logStart' | 'logStop'): Option {
  const { flag, placeholder, help } = LIST_FLAGS[key];
  return new Option(`${flag} <${placeholder}>`, help).argParser(collect);
}

/** What a matrix is made of: for each command that runs one. */
export function withMatrixOptions(command: Command): Command {
  command.option('--preset <name>', 'matrix to start from; other flags change it (default: thread-2021)');
  for (const key of LIST_KEYS) {
    const { flag, placeholder, help } = LIST_FLAGS[key];
    const option = new Option(`${flag} <${placeholder}>`, help);
    // What follows options belongs to them, so that another strategy or kernel model may need a flag of its own.
    if (hasOptions(key)) option.argParser(collect);
    command.addOption(option);
  }
  return command.option('--filter <conditions>', "only the cells that meet them: 'vcpus>=16 & granule=2M'");
}

/** How the table of a matrix is laid out; nothing else than a table of this terminal has a use for it. */
export function withLayoutOptions(command: Command): Command {
  const options = {
    '--rows <axes>': 'lay the table out: axes that stand down, first to last',
    '--cols <axis>': 'lay the table out: the axis that stands across',
    '--reference <strategy>': 'set the factor to this strategy beside each time',
  };
  for (const [flags, help] of Object.entries(options))
    command.addOption(new Option(flags, help).conflicts(['json', 'format']));
  return command;
}
