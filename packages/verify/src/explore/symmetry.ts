/** vCPUs that run the same program are interchangeable: of all orders of their words one stands for all. */
import { uint32At } from '@s2bench/core/stage2';
import { COMMON, FIRST_VCPU, get, HOLDER, HOST_HOLDS, set } from './layout.ts';
import type { Programs } from './programs.ts';

/** Puts states into the order that stands for their class. */
export class Symmetry {
  /** Pairs of neighbours among vCPUs of one program, one after the other, in an order in which swapping them sorts. */
  readonly #pairs: Uint32Array;

  constructor(programs: Programs) {
    const classes = new Map<string, number[]>();
    programs.vcpus.forEach((program, vcpu) => {
      const key = JSON.stringify(program);
      classes.set(key, [...(classes.get(key) ?? []), vcpu]);
    });
    const pairs: number[] = [];
    for (const members of classes.values()) {
      for (let end = members.length - 1; end > 0; end--) {
        for (let i = 0; i < end; i++) pairs.push(members[i] as number, members[i + 1] as number);
      }
    }
    this.#pairs = Uint32Array.from(pairs);
  }

  /** Sorts the words of like vCPUs in place. Who holds the lock comes along. */
  canonical(state: Uint32Array): void {
    const pairs = this.#pairs;
    for (let pair = 0; pair < pairs.length; pair += 2) {
      const a = uint32At(pairs, pair);
      const b = uint32At(pairs, pair + 1);
      const first = uint32At(state, FIRST_VCPU + a);
      const second = uint32At(state, FIRST_VCPU + b);
      const holder = get(state, COMMON, HOLDER);
      if (first < second || (first === second && holder !== b + 1)) continue;
      state[FIRST_VCPU + a] = second;
      state[FIRST_VCPU + b] = first;
      if (holder !== 0 && holder !== HOST_HOLDS) {
        if (holder === a + 1) set(state, COMMON, HOLDER, b + 1);
        else if (holder === b + 1) set(state, COMMON, HOLDER, a + 1);
      }
    }
  }
}
