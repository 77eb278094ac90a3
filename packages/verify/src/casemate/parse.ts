/** Reads a trace back. */
import { VerifyError } from '../errors.ts';
import { LineError, TraceLine } from './read-line.ts';
import type { CasemateAction, CasemateRecord, TlbiOperation } from './records.ts';
import { DSB_KINDS, HINTS, MEM_ORDERS, SRC, SYSREGS, TLBIS_BY_ADDRESS, TLBIS_OF_ALL } from './records.ts';

/**
 * Reads a trace. Empty lines are passed over. A line with an exclamation mark ends it: a log that Casemate wrote says
 * there why it stopped.
 *
 * @param file - how errors name it
 * @throws VerifyError with file, line and what is wrong there
 */
export function parseTrace(text: string, file: string): CasemateRecord[] {
  const records: CasemateRecord[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (line.startsWith('!')) break;
    try {
      records.push(recordOf(new TraceLine(line), records.length));
    } catch (error) {
      if (error instanceof LineError) throw new VerifyError(`${file}:${index + 1}: ${error.message}`);
      throw error;
    }
  }
  return records;
}

function recordOf(line: TraceLine, expectedId: number): CasemateRecord {
  const action = actionOf(line);
  const id = line.decimal('id');
  if (id !== expectedId) throw new LineError(`'id' is ${id}: ids count from 0, so it must be ${expectedId}`);
  const record = { ...action, tid: line.decimal('tid'), src: line.text('src') };
  if (!SRC.test(record.src))
    throw new LineError(`'src' is "${record.src}": must be FUNCTION:FILE:LINE; Casemate reads none without a colon`);
  line.end();
  return record;
}

function actionOf(line: TraceLine): CasemateAction {
  const { name } = line;
  switch (name) {
    case 'mem-init':
    case 'mem-free':
      return { name, address: line.hex('address'), size: line.hex('size') };
    case 'mem-write':
      return {
        name,
        order: line.choice('mem-order', MEM_ORDERS),
        address: line.hex('address'),
        value: line.hex('value'),
      };
    case 'mem-read':
      return { name, address: line.hex('address'), value: line.hex('value') };
    case 'mem-set':
      return { name, address: line.hex('address'), size: line.hex('size'), value: line.hex('value') };
    case 'barrier': {
      const barrier = line.word(['dsb', 'isb']);
      return barrier === 'isb' ? { name, barrier } : { name, barrier, kind: line.choice('kind', DSB_KINDS) };
    }
    case 'tlbi': {
      const operation = line.word([...TLBIS_BY_ADDRESS, ...TLBIS_OF_ALL]);
      return isByAddress(operation) ? { name, operation, value: line.hex('value') } : { name, operation };
    }
    case 'sysreg-write':
      return { name, sysreg: line.choice('sysreg', SYSREGS), value: line.hex('value') };
    case 'hint':
      return { name, kind: line.choice('kind', HINTS), location: line.hex('location'), value: line.hex('value') };
    case 'lock':
    case 'trylock':
    case 'unlock':
      return { name, address: line.hex('address') };
    default:
      throw new LineError(`'${name}' is no record of a trace`);
  }
}

function isByAddress(operation: TlbiOperation): operation is (typeof TLBIS_BY_ADDRESS)[number] {
  return (TLBIS_BY_ADDRESS as readonly string[]).includes(operation);
}
