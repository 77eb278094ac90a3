/** Exit codes of the program. */
export const EXIT = {
  ok: 0,
  /** A condition of `s2bench compare --fail-on` is met. */
  thresholdPassed: 1,
  /** A strategy is not what it declares of itself. */
  unexpected: 1,
  /** A cell failed, since its strategy throws or hangs: a plugin that cannot be used, as bad input is. */
  cellFailed: 2,
  usage: 2,
  /** A bound was met before all was explored. */
  incomplete: 3,
  /** EX_SOFTWARE of sysexits.h: the fault is in s2bench. */
  bug: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;
