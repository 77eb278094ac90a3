/** The file is read by another library than the one that writes it, by the field numbers of Perfetto's schema. */
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { someTraces } from '../../test/trace-fixture.ts';
import { perfettoTrace } from './perfetto.ts';
import type { Trace } from './schema.ts';

interface Track {
  uuid: number;
  name: string;
  parent: number;
  pid: number;
  tid: number;
  processName: string;
}

interface Slice {
  readonly name: string;
  readonly category: string;
  readonly depth: number;
  readonly startNs: number;
  endNs: number;
  readonly notes: Record<string, number | string>;
}

/** Slices by track, as a reader of the file sees them: a begin opens one within what is open, an end closes the last. */
function read(bytes: Uint8Array): { tracks: Map<number, Track>; slices: Map<number, Slice[]>; sequences: Set<number> } {
  const tracks = new Map<number, Track>();
  const slices = new Map<number, Slice[]>();
  const open = new Map<number, Slice[]>();
  const sequences = new Set<number>();
  const lastNs = new Map<number, number>();
  new PbfReader(bytes).readFields((tag, _trace, file) => {
    expect(tag).toBe(1);
    const packet = {
      isEvent: false,
      timestamp: 0,
      type: 0,
      track: 0,
      name: '',
      category: '',
      notes: {} as Slice['notes'],
    };
    file.readMessage((field, _packet, reader) => {
      if (field === 8) packet.timestamp = reader.readVarint();
      else if (field === 10) sequences.add(reader.readVarint());
      else if (field === 60) {
        const track = reader.readMessage(readTrack, { uuid: 0, name: '', parent: 0, pid: 0, tid: 0, processName: '' });
        tracks.set(track.uuid, track);
      } else if (field === 11) {
        packet.isEvent = true;
        reader.readMessage((inner, _event, event) => {
          if (inner === 9) packet.type = event.readVarint();
          else if (inner === 11) packet.track = event.readVarint();
          else if (inner === 22) packet.category = event.readString();
          else if (inner === 23) packet.name = event.readString();
          else if (inner === 4) {
            const note = { name: '', value: 0 as number | string };
            event.readMessage((key, _note, annotation) => {
              if (key === 10) note.name = annotation.readString();
              else if (key === 4) note.value = annotation.readVarint(true);
              else if (key === 5) note.value = annotation.readDouble();
              else if (key === 6) note.value = annotation.readString();
            }, note);
            packet.notes[note.name] = note.value;
          }
        }, packet);
      }
    }, packet);
    if (!packet.isEvent) return;
    const { track, timestamp, type, name, category, notes } = packet;
    expect(tracks.has(track)).toBe(true);
    // A reader takes the packets of a track in the order of the file where their times are the same.
    expect(timestamp).toBeGreaterThanOrEqual(lastNs.get(track) ?? 0);
    lastNs.set(track, timestamp);
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (type === 1) {
      const slice = { name, category, depth: stack.length, startNs: timestamp, endNs: Number.NaN, notes };
      stack.push(slice);
      slices.set(track, [...(slices.get(track) ?? []), slice]);
    } else {
      expect(type).toBe(2);
      const last = stack.pop();
      if (last === undefined) throw new Error('an end without a begin');
      last.endNs = timestamp;
    }
  }, undefined);
  expect([...open.values()].flat()).toEqual([]);
  return { tracks, slices, sequences };
}

function readTrack(field: number, track: Track, reader: PbfReader): void {
  if (field === 1) track.uuid = reader.readVarint();
  else if (field === 2) track.name = reader.readString();
  else if (field === 5) track.parent = reader.readVarint();
  else if (field === 3)
    reader.readMessage((inner, _process, process) => {
      if (inner === 1) track.pid = process.readVarint();
      else if (inner === 6) track.processName = process.readString();
    }, track);
  else if (field === 4)
    reader.readMessage((inner, _thread, thread) => {
      if (inner === 1) track.pid = thread.readVarint();
      else if (inner === 2) track.tid = thread.readVarint();
      else if (inner === 5) track.name = thread.readString();
    }, track);
}

describe('a Perfetto file', () => {
  const document = someTraces();
  const { tracks, slices, sequences } = read(perfettoTrace(document));
  const tracksOf = (process: number): Track[] =>
    [...tracks.values()].filter(({ uuid }) => Math.floor(uuid / 1e6) === process);
  const slicesOf = (process: number, name: string): Slice[] =>
    tracksOf(process)
      .filter((track) => track.name.startsWith(name))
      .flatMap(({ uuid }) => slices.get(uuid) ?? []);
  const each = document.traces.map((trace, index) => [trace.cell.strategy, trace, index + 1] as const);

  it('is one sequence of packets', () => {
    expect(sequences.size).toBe(1);
  });

  it.each(each)('has a process for %s, and a thread for each of its vCPUs', (strategy, trace, pid) => {
    const own = tracksOf(pid);
    expect(own.find(({ processName }) => processName !== '')).toMatchObject({ pid });
    expect(own.find(({ processName }) => processName !== '')?.processName).toContain(strategy);
    const threads = own.filter(({ tid }) => tid !== 0);
    expect(threads.map(({ name }) => name)).toEqual(Array.from({ length: trace.cell.vcpus }, (_, id) => `vCPU ${id}`));
    expect(new Set([...tracks.values()].filter(({ tid }) => tid !== 0).map(({ tid }) => tid)).size).toBe(
      document.traces.reduce((sum, { cell }) => sum + cell.vcpus, 0),
    );
  });

  it.each(each)('of %s has every state, section of the lock and window, exactly as long', (_strategy, trace, pid) => {
    const exact = (found: readonly Slice[]): number[] =>
      found.map(({ notes }) => Number(notes['durationNs'])).toSorted((a, b) => a - b);
    const lengths = (spans: Trace['states'] | Trace['windows']): number[] =>
      spans.map(({ startNs, endNs }) => endNs - startNs).toSorted((a, b) => a - b);
    expect(exact(slicesOf(pid, 'vCPU').filter(({ category }) => category === 'state'))).toEqual(lengths(trace.states));
    expect(exact(slicesOf(pid, 'mmu_lock'))).toEqual(lengths(trace.states.filter(({ state }) => state === 'locked')));
    expect(exact(slicesOf(pid, 'invalid window'))).toEqual(lengths(trace.windows));
    expect(trace.windows.length).toBeGreaterThan(0);
  });

  it('has the whole nanoseconds that are nearest', () => {
    for (const slice of [...slices.values()].flat())
      expect(Math.abs(slice.endNs - slice.startNs - Number(slice.notes['durationNs']))).toBeLessThanOrEqual(1);
  });

  it('nests effects in states, and has nothing over anything else on a track', () => {
    for (const [uuid, own] of slices) {
      const states = own.filter(({ depth }) => depth === 0);
      for (const [index, { startNs }] of states.entries())
        expect(startNs, tracks.get(uuid)?.name).toBeGreaterThanOrEqual(states[index - 1]?.endNs ?? 0);
      expect(own.every(({ depth, category }) => depth === (category === 'effect' ? 1 : 0))).toBe(true);
    }
    expect([...slices.values()].flat().some(({ category }) => category === 'effect')).toBe(true);
  });
});
