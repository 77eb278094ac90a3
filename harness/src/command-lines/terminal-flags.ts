/** The flags of how a command is shown: of every command that shows anything. */
import { type Command, Option } from 'commander';
import { chooseTerminal, COLOR_CHOICES, type TerminalChoice } from '../cli/terminal.ts';

/** What every command understands of how it is to be shown. */
interface TerminalFlags {
  readonly color: TerminalChoice['color'];
  readonly quiet?: boolean;
}

/** Adds them to a command. */
export function withTerminalOptions(command: Command): Command {
  return command
    .addOption(new Option('--color <when>', 'colour in what is printed').choices(COLOR_CHOICES).default('auto'))
    .option('-q, --quiet', 'no progress and no notes on stderr, problems only')
    .hook('preAction', (_program, acting) => {
      const { color, quiet = false } = acting.opts<TerminalFlags>();
      chooseTerminal({ color, quiet });
    });
}
