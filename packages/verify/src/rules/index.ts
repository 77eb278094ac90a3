/** The rules. One idea each; taking one out of the list lets an animal of @s2bench/zoo through. */
import { accounting } from './accounting.ts';
import { breakBeforeMake } from './break-before-make.ts';
import { dataCoherency } from './data-coherency.ts';
import { dirtyLog } from './dirty-log.ts';
import { instructionCoherency } from './instruction-coherency.ts';
import { lostGuestWrite } from './lost-guest-write.ts';
import { mapping } from './mapping.ts';
import { progress } from './progress.ts';
import type { Rule } from './rule.ts';
import { staleTranslation } from './stale-translation.ts';
import { walkerSafety } from './walker-safety.ts';

/** All rules, in the order of {@link RULE_NAMES}. */
export const RULES: readonly Rule[] = [
  breakBeforeMake,
  walkerSafety,
  accounting,
  mapping,
  progress,
  staleTranslation,
  dataCoherency,
  instructionCoherency,
  lostGuestWrite,
  dirtyLog,
];
