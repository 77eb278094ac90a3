/** A table without lines but one below its head. */
import CliTable from 'cli-table3';

/** A column. */
export interface PlainColumn {
  readonly label: string;
  readonly align: 'left' | 'right';
}

const PARTS = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((part) => [
  part,
  `${part}-mid`,
  `${part}-left`,
  `${part}-right`,
]);

/** Lines of a table; its columns are two blanks apart. */
export function plainTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): string[] {
  const table = new CliTable({
    chars: { ...Object.fromEntries(PARTS.map((part) => [part, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align }) => align),
  });
  table.push(
    columns.map(({ label }) => label),
    ...rows.map((row) => [...row]),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
