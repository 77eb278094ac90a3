/** Return codes of the stage-2 operations: 0, or a negative errno as in the kernel. */
export const OK = 0;
/** Another vCPU did the work, or only permissions differ: let the guest try again. */
export const EAGAIN = -11;
/** The memory cache is missing or empty. */
export const ENOMEM = -12;
/** Executable device memory. */
export const EINVAL = -22;
/** The address or the end lies beyond the guest's address space. */
export const ERANGE = -34;
/** No leaf may stand at the entry: a table is what it takes. */
export const E2BIG = -7;
