/** How long each side waits for the other. docs/decisions says why these. */

/** A worker's claim to a cell; it renews it at half of this. A cell of a worker that is gone waits no longer. */
export const LOCK_MS = 5000;
/** How often workers look for cells whose claim has run out. */
export const STALLED_CHECK_MS = 2000;
/** How often a cell may lose its worker before it is failed: it may be what brings them down. */
export const MAX_LOST_WORKERS = 3;
/** How often a run says that it is there, and looks for cells that have vanished. */
export const HEARTBEAT_MS = 2000;
/** How long workers believe in a run that says nothing: longer than a Redis takes to come back. */
export const RUN_SILENCE_MS = 20_000;
/** How often workers look for new runs. */
export const POLL_MS = 1000;
/** How long a run that every worker refuses waits for one that does not. */
export const REFUSED_MS = 5000;
/** How long the goodbyes to a server may take that may be gone. */
export const GOODBYE_MS = 2000;
