/** Where the effects of several cores meet: the network that carries TLBI broadcasts, and memory. */
import { placeOf } from './charges.ts';
import { costInstead, type Costs } from './costs.ts';
import type { AnyCostName } from './profile.ts';
import { Station } from './station.ts';

/** Broadcasts of TLBIs that a station tells apart. */
export type Broadcast = 'dvmIpa' | 'dvmVmid' | 'dvmRange';

/** A way to keep a station busy: for how long a unit does, and where waiting for it is charged. */
interface Service {
  readonly perUnitNs: number;
  readonly place: number;
}

/** The stations of one machine, in the order of nobody: each is for itself. */
export class Stations {
  readonly #broadcasts: Readonly<Record<Broadcast, Service>>;
  readonly #lines: Service;
  #dvm = new Station();
  #memory = new Station();

  constructor(costs: Costs) {
    const service = (name: AnyCostName): Service => {
      const charged = costInstead(costs, name);
      return { perUnitNs: costs[charged] ?? 0, place: placeOf(charged) };
    };
    this.#broadcasts = { dvmIpa: service('dvmIpa'), dvmVmid: service('dvmVmid'), dvmRange: service('dvmRange') };
    this.#lines = service('memoryLine');
  }

  /** The cost that waiting for a broadcast is charged to, as a place among charges. */
  broadcastPlace(kind: Broadcast): number {
    return this.#broadcasts[kind].place;
  }

  /** How long a broadcast that is sent now waits until those before it have been carried. */
  broadcastWaitNs(kind: Broadcast, nowNs: number): number {
    const { perUnitNs } = this.#broadcasts[kind];
    if (perUnitNs === 0) return 0;
    return waitNs(this.#dvm.serve(nowNs, perUnitNs), nowNs, perUnitNs);
  }

  /** The cost that waiting for memory is charged to, as a place among charges. */
  get memoryPlace(): number {
    return this.#lines.place;
  }

  /**
   * How much longer lines take that are zeroed, copied or cleaned from now on, since others use memory too.
   *
   * @param aloneNs - what they take one core alone: no core keeps all of memory busy
   */
  memoryWaitNs(lines: number, nowNs: number, aloneNs: number): number {
    const { perUnitNs } = this.#lines;
    if (perUnitNs === 0) return 0;
    const busyNs = lines * perUnitNs;
    return waitNs(this.#memory.serve(nowNs, busyNs), nowNs, Math.max(aloneNs, busyNs));
  }

  /** Forgets what is over at a time before which nobody comes any more. */
  forget(nowNs: number): void {
    this.#dvm.forget(nowNs);
    this.#memory.forget(nowNs);
  }

  /** Nobody is served any more, and time may begin anew. */
  clear(): void {
    this.#dvm = new Station();
    this.#memory = new Station();
  }
}

/** What is left of a time beside what it takes anyhow. Sums lose some bits: nobody waits for those. */
function waitNs(doneNs: number, nowNs: number, anyhowNs: number): number {
  const left = doneNs - nowNs - anyhowNs;
  return left > LEAST_WAIT_NS ? left : 0;
}

const LEAST_WAIT_NS = 1e-3;
