/** Hears the effects of a section that are no access to its table, and makes each a step. */
import { SectionRecorder } from '../kernel/section-recorder.ts';
import { VerifyError } from '../errors.ts';
import type { RawActions } from '../raw-actions.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Tlbi } from './step.ts';
import type { Stepper } from './stepper.ts';

/** Announces what is done to TLBs and caches, and which table pages wait for a grace period. */
export class SteppedRecorder extends SectionRecorder {
  readonly #stepper: Stepper;

  constructor(stepper: Stepper) {
    super();
    this.#stepper = stepper;
  }

  override attach(): void {}
  override finish(): void {}
  override entryInvalidated(): void {}
  override leafInstalled(): void {}
  override tableInstalled(): void {}
  override leavesChanged(): void {}
  override entryLocked(): void {}
  override tableAllocated(): void {}
  override tableFreed(): void {}
  override referencesDropped(): void {}
  override descriptorsRead(): void {}

  override tlbiVmid(): void {
    this.#tlbi('vmid');
  }

  override tlbiIpa(ipa: number, level: number): void {
    this.#tlbi(pagesAt(ipa, 1, level));
  }

  override tlbiRange(ipa = 0, pages = 0): void {
    this.#tlbi(pagesAt(ipa, pages, 0));
  }

  override tlbiIpaLocal(ipa = 0, level = 0): void {
    this.#stepper.step({ do: 'tlbi-local', what: pagesAt(ipa, 1, level) });
  }

  override dcacheClean(pa: number, sizeBytes: number): void {
    this.#stepper.step({ do: 'clean', pa, sizeBytes });
  }

  override icacheInvalidate(pa: number, sizeBytes: number): void {
    this.#stepper.step({ do: 'icache', pa, sizeBytes });
  }

  override tableUnlinked(serial: number, level: number): void {
    this.#stepper.step({ do: 'unlink', slot: serial, level });
  }

  override readonly raw: RawActions = {
    barrier: (kind) => void this.#stepper.step({ do: 'barrier', kind }),
    tlbiVmid: () => void this.#stepper.step({ do: 'tlbi', what: 'vmid', orders: false }),
    tlbiIpa: (ipa, level) => void this.#stepper.step({ do: 'tlbi', what: pagesAt(ipa, 1, level), orders: false }),
    tlbiStage1: () => undefined,
    clean: (pa, sizeBytes) => this.dcacheClean(pa, sizeBytes),
    discard: (pa, sizeBytes) => void this.#stepper.step({ do: 'discard', pa, sizeBytes }),
    invalidateIcache: (pa, sizeBytes) => this.icacheInvalidate(pa, sizeBytes),
    load: (entry) => this.#stepper.step({ do: 'read', entry }),
    alterNext: () => {
      throw new VerifyError('alterNext is for sections that hold the lock alone; store the words instead');
    },
    store: (entry, low, high) =>
      void this.#stepper.step({ do: 'store', entry, low: low >>> 0, high: high >>> 0, releases: false }),
  };

  #tlbi(what: Tlbi): void {
    this.#stepper.step({ do: 'tlbi', what, orders: true });
    this.#stepper.step({ do: 'complete' });
  }
}

function pagesAt(ipa: number, pages: number, level: number): Tlbi {
  return { page: Math.floor(ipa / PAGE_BYTES), pages, level };
}
