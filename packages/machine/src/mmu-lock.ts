/**
 * mmu_lock, first come, first served: a queued spinlock until v5.17 on arm64, a queued rwlock from v5.18 on. Of the rwlock a
 * reader that comes while a writer waits stands in the queue behind it (Linux kernel/locking/qrwlock.c); when the lock
 * comes to readers, each of those who stand one behind the other lets the next one in.
 *
 * Readers meet in the line of its counter: each takes it for an atomic operation when it comes and when it goes
 * (queued_read_lock(), queued_read_unlock()), one after the other, so that however short a section is no more of them are
 * done in a time than the line allows. Writers, and readers who stand in the queue, are not thought to take it from anybody.
 */
import type { Actor } from './actor.ts';
import type { Charges } from './charges.ts';
import { charge, placeOf } from './charges.ts';
import { costInstead, type Costs } from './costs.ts';
import { Station } from './station.ts';

const LOCK_ACQUIRE = placeOf('lockAcquire');
const LOCK_HANDOVER = placeOf('lockHandover');
const LOCK_LINE = placeOf('lockLine');

/** Who holds the lock, who waits, and what handing it over costs. */
export class MmuLock {
  readonly #costs: Costs;
  readonly #queue: Actor[] = [];
  /** Held by one alone. */
  #held = false;
  /** Whether anybody has asked for it alone so far. */
  wasAsked = false;
  /** Who share it. */
  #readers = 0;
  readonly #line = new Station();
  readonly #lineNs: number;
  /** What taking the read side costs, and where that is charged. */
  readonly #readNs: number;
  readonly #readPlace: number;

  constructor(costs: Costs) {
    this.#costs = costs;
    this.#lineNs = costs.lockLine ?? 0;
    const read = costInstead(costs, 'readAcquire');
    this.#readNs = costs[read] ?? 0;
    this.#readPlace = placeOf(read);
  }

  /** What sharing it takes where nobody waits and nobody is at its line: when it is taken, and in all. */
  get shareNs(): { readonly takenNs: number; readonly allNs: number } {
    const takenNs = this.#readNs + this.#lineNs;
    return { takenNs, allNs: takenNs + this.#lineNs };
  }

  /** Asks for the side of the lock that the actor needs; for the read side beside others where there are any. */
  ask(actor: Actor, nowNs: number, reads: boolean, isShared: boolean): void {
    if (reads && isShared) this.requestShared(actor, nowNs);
    else this.request(actor, nowNs, reads);
  }

  /**
   * Asks for the lock alone. Where it is free, the actor gets it after the cost of taking it; else it waits.
   *
   * @param reads - it needs no more than the read side, and there is nobody to share it with
   */
  request(actor: Actor, nowNs: number, reads = false): void {
    actor.sharesLock = false;
    actor.readsLock = reads;
    this.wasAsked = true;
    if (this.#held || this.#readers > 0) this.#wait(actor, nowNs);
    else {
      this.#held = true;
      this.#grant(actor, nowNs);
    }
  }

  /** Asks for the lock beside others who share it. It waits where somebody has it alone, or waits for it. */
  requestShared(actor: Actor, nowNs: number): void {
    actor.sharesLock = true;
    actor.readsLock = true;
    if (this.#held || this.#queue.length > 0) this.#wait(actor, nowNs);
    else {
      this.#readers++;
      this.#grant(actor, nowNs);
      if (this.#lineNs === 0) return;
      const doneNs = this.#line.serve(nowNs, this.#lineNs);
      actor.lineNs = doneNs - nowNs;
      actor.readyNs = doneNs + this.#readNs;
    }
  }

  /**
   * One that shares the lock gives it up, at once or after it has been at the line; when it was the last, the one that waited
   * longest gets it.
   *
   * @param charges - of the one that leaves
   * @param granted - told of each that gets it
   * @returns whether it has given the lock up; if not, it comes again when it has been at the line
   */
  leave(actor: Actor, nowNs: number, charges: Charges, granted: (actor: Actor) => void = ignore): boolean {
    if (actor.state === 'leaving' || this.#lineNs === 0) {
      this.releaseShared(nowNs, granted);
      return true;
    }
    this.#line.forget(nowNs);
    actor.state = 'leaving';
    actor.readyNs = this.#line.serve(nowNs, this.#lineNs);
    charge(charges, LOCK_LINE, actor.readyNs - nowNs);
    return false;
  }

  /** Charges whoever has the lock how it came to it. */
  chargeTo(charges: Charges, { handedOver, lineNs, readsLock }: Actor): void {
    if (handedOver) charge(charges, LOCK_HANDOVER, this.#costs.lockHandover);
    else if (readsLock) charge(charges, this.#readPlace, this.#readNs);
    else charge(charges, LOCK_ACQUIRE, this.#costs.lockAcquire);
    charge(charges, LOCK_LINE, lineNs);
  }

  /**
   * One that had the lock alone gives it up: the one that waited longest gets it after a hand-over, and where that one
   * shares it those behind that share it too, each a hand-over after the one before.
   *
   * @param granted - told of each that gets it
   */
  release(nowNs: number, granted: (actor: Actor) => void = ignore): void {
    this.#held = false;
    this.#handOver(nowNs, granted);
  }

  /** One that shared the lock gives it up: when it was the last, the one that waited longest gets it. */
  releaseShared(nowNs: number, granted: (actor: Actor) => void = ignore): void {
    this.#readers--;
    if (this.#readers === 0) this.#handOver(nowNs, granted);
  }

  #handOver(nowNs: number, granted: (actor: Actor) => void): void {
    let readyNs = nowNs;
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined || (!next.sharesLock && this.#readers > 0)) return;
      this.#queue.shift();
      readyNs += this.#costs.lockHandover;
      next.state = 'granted';
      next.handedOver = true;
      next.readyNs = readyNs;
      granted(next);
      if (!next.sharesLock) {
        this.#held = true;
        return;
      }
      this.#readers++;
    }
  }

  #wait(actor: Actor, nowNs: number): void {
    actor.lockRequestedNs = nowNs;
    actor.lineNs = 0;
    actor.state = 'waiting';
    actor.readyNs = Infinity;
    this.#queue.push(actor);
  }

  #grant(actor: Actor, nowNs: number): void {
    actor.lockRequestedNs = nowNs;
    actor.state = 'granted';
    actor.handedOver = false;
    actor.lineNs = 0;
    actor.readyNs = nowNs + (actor.readsLock ? this.#readNs : this.#costs.lockAcquire);
  }
}

function ignore(): void {}
