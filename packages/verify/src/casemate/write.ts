/** Writes records as text: one a line, numbers in hexadecimal without a prefix, `id` and `tid` in decimal. */
import type { CasemateRecord } from './records.ts';
import { SRC } from './records.ts';

/** The text of a trace. */
export function writeTrace(records: readonly CasemateRecord[]): string {
  return records.map((record, id) => `${writeRecord(record, id)}\n`).join('');
}

function writeRecord(record: CasemateRecord, id: number): string {
  if (!SRC.test(record.src))
    throw new RangeError(`src ${JSON.stringify(record.src)}: must hold a colon, and no quote, backslash or line end`);
  return `(${record.name} (id ${id}) (tid ${record.tid}) ${fieldsOf(record)} (src "${record.src}"))`;
}

function fieldsOf(record: CasemateRecord): string {
  switch (record.name) {
    case 'mem-init':
    case 'mem-free':
      return `${hex('address', record.address)} ${hex('size', record.size)}`;
    case 'mem-write':
      return `(mem-order ${record.order}) ${hex('address', record.address)} ${hex('value', record.value)}`;
    case 'mem-read':
      return `${hex('address', record.address)} ${hex('value', record.value)}`;
    case 'mem-set':
      return `${hex('address', record.address)} ${hex('size', record.size)} ${hex('value', record.value)}`;
    case 'barrier':
      return record.barrier === 'isb' ? 'isb' : `dsb (kind ${record.kind})`;
    case 'tlbi':
      return 'value' in record ? `${record.operation} ${hex('value', record.value)}` : record.operation;
    case 'sysreg-write':
      return `(sysreg ${record.sysreg}) ${hex('value', record.value)}`;
    case 'hint':
      return `(kind ${record.kind}) ${hex('location', record.location)} ${hex('value', record.value)}`;
    case 'lock':
    case 'trylock':
    case 'unlock':
      return hex('address', record.address);
  }
}

function hex(field: string, value: bigint): string {
  return `(${field} ${value.toString(16)})`;
}
