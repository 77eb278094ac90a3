/** The text below a command's flags, as wide as where it is shown. */
import type { AddHelpTextContext, Command } from 'commander';
import { breakLines } from '@s2bench/report/text';
import { lineColumns } from '../cli/terminal.ts';

/** Columns of help that goes to a pipe, as commander has it. */
const DEFAULT_HELP_COLUMNS = 80;
/** A name, and after two spaces or more what it is. */
const DEFINITION = /^( +\S(?:.*?\S)?  +)(\S.*)$/;

/** Columns of help. */
export function helpColumns(): number {
  const columns = lineColumns();
  return columns === Infinity ? DEFAULT_HELP_COLUMNS : columns;
}

/** What commander's `addHelpText` takes: paragraphs, and lists whose lines are indented, in the width of where they go. */
export function helpBelow(text: string): (context: AddHelpTextContext) => string {
  return ({ command }) => helpText(text, command.configureOutput().getOutHelpWidth?.() ?? helpColumns());
}

/** The text in lines of a width. A command in it stays in one line, to be copied. */
export function helpText(text: string, columns: number): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  const end = (): void => {
    if (paragraph.length > 0) lines.push(...breakLines(paragraph.join(' '), columns));
    paragraph = [];
  };
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith(' ')) {
      paragraph.push(line);
      continue;
    }
    end();
    const [, name, what] = DEFINITION.exec(line) ?? [];
    if (line.startsWith('  $ ') || line === '') lines.push(line);
    else if (name === undefined || what === undefined) lines.push(...breakLines(line, columns, '    '));
    else {
      const [first = '', ...others] = breakLines(what, Math.max(1, columns - name.length));
      lines.push(name + first, ...others.map((other) => ' '.repeat(name.length) + other));
    }
  }
  end();
  return lines.join('\n');
}

/** A command with what stands behind it; that all have options says nothing, and takes a quarter of the line. */
export function termOf(command: Command): string {
  const places = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...places].join(' ');
}
