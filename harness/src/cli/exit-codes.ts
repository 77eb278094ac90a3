/** Exit codes of the program. */
export const EXIT = {
  ok: 0,
  /** At least one cell of the matrix failed. */
  cellFailed: 1,
  usage: 2,
  /** EX_SOFTWARE of sysexits.h: the fault is in s2bench. */
  bug: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;
