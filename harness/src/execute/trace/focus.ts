/** Finds what a trace is drawn around: the fault that made the longest invalid window, else the longest fault. */
import type { Origin } from '@s2bench/core/stage2';
import type { Clock, MachineWatch } from '@s2bench/machine';

/** A fault, and the moment at which it has done what it is shown for. */
export interface Focus {
  readonly scope: 'window' | 'fault';
  readonly agent: number;
  readonly startNs: number;
  /** When the window was closed; where there is none, when the fault was over. */
  readonly pivotNs: number;
}

interface OwnWindow {
  readonly sinceNs: number;
  readonly untilNs: number;
}

/** Listens to a stage, and remembers no more than its longest window and its longest fault. */
export class FocusFinder implements MachineWatch {
  readonly #origin: Readonly<Origin>;
  readonly #clock: Clock;
  /** Of each agent, the longest window of the fault that it is in. */
  readonly #windows = new Map<number, OwnWindow>();
  #window: { readonly focus: Focus; readonly lengthNs: number } | undefined;
  #fault: { readonly focus: Focus; readonly lengthNs: number } | undefined;

  constructor(origin: Readonly<Origin>, clock: Clock) {
    this.#origin = origin;
    this.#clock = clock;
  }

  /** What was found; `undefined` where no fault came to its end. */
  get focus(): Focus | undefined {
    return (this.#window ?? this.#fault)?.focus;
  }

  became(): void {}

  windowClosed(durationNs: number): void {
    const { agent } = this.#origin;
    const untilNs = this.#clock.nowNs;
    const own = this.#windows.get(agent);
    if (own !== undefined && durationNs <= own.untilNs - own.sinceNs) return;
    this.#windows.set(agent, { sinceNs: untilNs - durationNs, untilNs });
  }

  faultEnded(agent: number, sinceNs: number, nowNs: number): void {
    const own = this.#windows.get(agent);
    this.#windows.delete(agent);
    if (own !== undefined) {
      const lengthNs = own.untilNs - own.sinceNs;
      if (lengthNs > (this.#window?.lengthNs ?? 0))
        this.#window = { lengthNs, focus: { scope: 'window', agent, startNs: sinceNs, pivotNs: own.untilNs } };
    }
    const lengthNs = nowNs - sinceNs;
    if (lengthNs > (this.#fault?.lengthNs ?? 0))
      this.#fault = { lengthNs, focus: { scope: 'fault', agent, startNs: sinceNs, pivotNs: nowNs } };
  }
}
