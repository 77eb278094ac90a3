/** Loading a module takes milliseconds; one that takes this long hangs. */
export const LOAD_LIMIT_S = 5;
