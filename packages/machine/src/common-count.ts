/**
 * The *common count*: accesses that a vCPU would have done if it had always run. Guests that run share the memory system,
 * so all of them progress at one rate that depends on how many they are; a loop that hits is one event, the count at
 * which it stops. Whoever starts or stops running changes the rate, not the plans.
 */
export class CommonCount {
  /** Where it stands. */
  count = 0;
  /** When it stood there. */
  countedNs: number;
  /** vCPUs that run. */
  running = 0;
  /** Time that all guests together have run. */
  guestNs = 0;
  readonly #accessNs: Float64Array;

  /** @param accessNs - nanoseconds of one access by number of vCPUs that run */
  constructor(accessNs: Float64Array, startNs: number) {
    this.#accessNs = accessNs;
    this.countedNs = startNs;
  }

  /** Nanoseconds of an access now. */
  get accessNs(): number {
    return this.#accessNs[this.running] ?? 0;
  }

  /** When it will stand at a count, if nobody starts or stops until then. */
  timeAt(count: number): number {
    return this.countedNs + Math.max(0, count - this.count) * this.accessNs;
  }

  /** Moves it to a time. */
  goTo(timeNs: number): void {
    if (this.running > 0) {
      this.count += (timeNs - this.countedNs) / this.accessNs;
      this.guestNs += this.running * (timeNs - this.countedNs);
    }
    this.countedNs = timeNs;
  }
}
