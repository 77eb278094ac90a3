/** Tables of real size in which one coalesce is judged. */
import type { PageSizeBytes } from '@s2bench/core/stage2';
import type { History } from '@s2bench/kernel';

/** A real table, and the block that replaces one of its entries. */
export interface RealWorld {
  readonly name: string;
  readonly purpose: string;
  readonly pageSizeBytes: PageSizeBytes;
  /** Level of the block. */
  readonly level: 1 | 2;
  readonly histories: readonly History[];
  /** None: the coalesce is judged as it runs, and nobody comes in between. */
  readonly vcpus: readonly [];
}

function real(pageSizeBytes: PageSizeBytes, level: 1 | 2, entries: number): RealWorld {
  return {
    name: `real-${pageSizeBytes / 1024}k-level-${level}`,
    purpose: `a block replaces a table of ${entries} entries, by systematic populations; one CPU acts`,
    pageSizeBytes,
    level,
    histories: ['logging-first'],
    vcpus: [],
  };
}

/** All of them: each page size, and a block of 1G. */
export const REAL_WORLDS: readonly RealWorld[] = [
  real(4096, 2, 512),
  real(16_384, 2, 2048),
  real(65_536, 2, 8192),
  real(4096, 1, 512),
];
