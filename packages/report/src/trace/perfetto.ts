/**
 * Traces as a Perfetto trace file, which ui.perfetto.dev and trace_processor read: a process for each cell, a thread for
 * each vCPU, and tracks for mmu_lock and the invalid windows.
 *
 * Only the messages that this needs are written, by the field numbers of Perfetto's schema (protos/perfetto/trace:
 * trace_packet.proto, and in track_event: track_event.proto, track_descriptor.proto, process_descriptor.proto,
 * thread_descriptor.proto, debug_annotation.proto).
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { formatBytes } from '../format/bytes.ts';
import type { Cell } from '../schema.ts';
import { type Span, spread } from './lanes.ts';
import type { EffectSpan, Trace, TraceDocument } from './schema.ts';

const TRACE = { packet: 1 };
const PACKET = { timestamp: 8, sequenceId: 10, trackEvent: 11, sequenceFlags: 13, trackDescriptor: 60 };
const TRACK = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5 };
const PROCESS = { pid: 1, processName: 6 };
const THREAD = { pid: 1, tid: 2, threadName: 5 };
const EVENT = { debugAnnotations: 4, type: 9, trackUuid: 11, categories: 22, name: 23 };
const ANNOTATION = { intValue: 4, doubleValue: 5, stringValue: 6, name: 10 };
const SLICE_BEGIN = 1;
const SLICE_END = 2;
const INCREMENTAL_STATE_CLEARED = 1;
/** Any number but 0: all packets are of one sequence. */
const SEQUENCE = 1;
/** Agents of a process, with room for its other tracks. */
const TRACKS_A_PROCESS = 1_000_000;
const LOCK_TRACKS = 500_000;
const WINDOW_TRACKS = 700_000;

/** A slice of a track; those that lie within it come after it. */
interface Slice extends Span {
  readonly name: string;
  readonly category: string;
  readonly notes?: Readonly<Record<string, number | string>>;
}

/** What a state is called. */
const STATE_NAMES = { guest: 'guest', host: 'host', waiting: 'waits for mmu_lock', locked: 'in mmu_lock' } as const;

/** The bytes of a file. Timestamps are whole nanoseconds; each slice says its exact length in `durationNs`. */
export function perfettoTrace({ traces, toolVersion }: TraceDocument): Uint8Array {
  const file = new BinaryWriter();
  const packets = new Packets(file);
  traces.forEach((trace, index) => writeProcess(packets, trace, index + 1, toolVersion));
  return file.finish();
}

function writeProcess(packets: Packets, trace: Trace, pid: number, toolVersion: string): void {
  const { cell, stage } = trace;
  const base = pid * TRACKS_A_PROCESS;
  packets.describe(base, undefined, (track) => {
    message(track, TRACK.process, (process) => {
      process.tag(PROCESS.pid, WireType.Varint).int32(pid);
      process.tag(PROCESS.processName, WireType.LengthDelimited).string(nameOf(cell));
    });
  });
  const agents = [...new Set(trace.states.map(({ agent }) => agent))];
  for (const agent of agents) {
    const name = agent < cell.vcpus ? `vCPU ${agent}` : 'host';
    const uuid = base + 1 + agent;
    packets.describe(uuid, name, (track) => {
      message(track, TRACK.thread, (thread) => {
        thread.tag(THREAD.pid, WireType.Varint).int32(pid);
        // Thread ids are unique in a trace.
        thread.tag(THREAD.tid, WireType.Varint).int32(base + 1 + agent);
        thread.tag(THREAD.threadName, WireType.LengthDelimited).string(name);
      });
    });
    packets.slices(uuid, slicesOf(trace, agent));
  }
  const locked = trace.states.filter(({ state }) => state === 'locked');
  const sections = locked.map((span) => ({ ...span, name: agentName(span.agent, cell), category: 'lock' }));
  writeTracks(packets, 'mmu_lock', sections, base, LOCK_TRACKS);
  const windows = trace.windows.map((window) => ({
    ...window,
    name: `out of reach, by ${agentName(window.agent, cell)}`,
    category: 'window',
  }));
  writeTracks(packets, 'invalid window', windows, base, WINDOW_TRACKS);
  const about = { stage, scope: trace.scope, leftOut: trace.leftOut, s2bench: toolVersion };
  const whole = { startNs: trace.startNs, endNs: trace.endNs, name: stage, category: 'stage', notes: about };
  packets.slices(base, [whole]);
}

function writeTracks(packets: Packets, name: string, slices: readonly Slice[], base: number, first: number): void {
  spread(slices).forEach((track, index) => {
    const uuid = base + first + index;
    packets.describe(uuid, index === 0 ? name : `${name} ${index + 1}`, (descriptor) => {
      descriptor.tag(TRACK.parentUuid, WireType.Varint).uint64(base);
    });
    packets.slices(uuid, track);
  });
}

/** What an agent did: its states, and in each the effects. */
function slicesOf(trace: Trace, agent: number): Slice[] {
  const effects = trace.effects.filter((span) => span.agent === agent);
  let next = 0;
  return trace.states
    .filter((span) => span.agent === agent)
    .flatMap(({ state, startNs, endNs }) => {
      const slices: Slice[] = [{ startNs, endNs, name: STATE_NAMES[state], category: 'state' }];
      for (let effect = effects[next]; effect !== undefined && effect.startNs < endNs; effect = effects[++next]) {
        slices.push({ ...effect, endNs: Math.min(effect.endNs, endNs), ...effectSlice(effect) });
      }
      return slices;
    });
}

function effectSlice({ effect, task, phase, count, address, level, sizeBytes }: EffectSpan): Omit<Slice, keyof Span> {
  return {
    name: sizeBytes === undefined ? effect : `${effect} ${formatBytes(sizeBytes)}`,
    category: 'effect',
    notes: {
      task,
      phase,
      count,
      ...(address !== undefined && { address: `0x${address.toString(16)}` }),
      ...(level !== undefined && { level }),
    },
  };
}

function agentName(agent: number, { vcpus }: Cell): string {
  return agent < vcpus ? `vCPU ${agent}` : 'host';
}

function nameOf({ strategy, vcpus, history, memoryBytes, granuleBytes, kernel }: Cell): string {
  const memory = `${formatBytes(memoryBytes)} in ${formatBytes(granuleBytes)}`;
  return `${strategy}, ${vcpus} vCPUs, ${history}, ${memory}, ${kernel}`;
}

/** Writes packets. */
class Packets {
  readonly #file: BinaryWriter;
  #first = true;

  constructor(file: BinaryWriter) {
    this.#file = file;
  }

  /** A track's descriptor. */
  describe(uuid: number, name: string | undefined, more: (track: BinaryWriter) => void): void {
    this.#packet((packet) => {
      if (this.#first) packet.tag(PACKET.sequenceFlags, WireType.Varint).uint32(INCREMENTAL_STATE_CLEARED);
      this.#first = false;
      message(packet, PACKET.trackDescriptor, (track) => {
        track.tag(TRACK.uuid, WireType.Varint).uint64(uuid);
        if (name !== undefined) track.tag(TRACK.name, WireType.LengthDelimited).string(name);
        more(track);
      });
    });
  }

  /** Slices of a track, in order; one that lies within another comes right after it. */
  slices(uuid: number, slices: readonly Slice[]): void {
    const open: Slice[] = [];
    const endUntil = (ns: number): void => {
      for (let last = open.at(-1); last !== undefined && last.endNs <= ns; last = open.at(-1)) {
        open.pop();
        this.#event(uuid, SLICE_END, last.endNs);
      }
    };
    for (const slice of slices) {
      endUntil(slice.startNs);
      this.#event(uuid, SLICE_BEGIN, slice.startNs, slice);
      open.push(slice);
    }
    endUntil(Infinity);
  }

  #event(uuid: number, type: number, atNs: number, slice?: Slice): void {
    this.#packet((packet) => {
      packet.tag(PACKET.timestamp, WireType.Varint).uint64(Math.round(atNs));
      message(packet, PACKET.trackEvent, (event) => {
        event.tag(EVENT.type, WireType.Varint).int32(type);
        event.tag(EVENT.trackUuid, WireType.Varint).uint64(uuid);
        if (slice === undefined) return;
        event.tag(EVENT.categories, WireType.LengthDelimited).string(slice.category);
        event.tag(EVENT.name, WireType.LengthDelimited).string(slice.name);
        annotate(event, 'durationNs', slice.endNs - slice.startNs);
        for (const [name, value] of Object.entries(slice.notes ?? {})) annotate(event, name, value);
      });
    });
  }

  #packet(write: (packet: BinaryWriter) => void): void {
    message(this.#file, TRACE.packet, (packet) => {
      write(packet);
      packet.tag(PACKET.sequenceId, WireType.Varint).uint32(SEQUENCE);
    });
  }
}

function annotate(event: BinaryWriter, name: string, value: number | string): void {
  message(event, EVENT.debugAnnotations, (annotation) => {
    annotation.tag(ANNOTATION.name, WireType.LengthDelimited).string(name);
    if (typeof value === 'string') annotation.tag(ANNOTATION.stringValue, WireType.LengthDelimited).string(value);
    else if (name !== 'durationNs') annotation.tag(ANNOTATION.intValue, WireType.Varint).int64(value);
    else annotation.tag(ANNOTATION.doubleValue, WireType.Bit64).double(value);
  });
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}
