/** Property tests draw the same cases for every mutant: what survives today survives tomorrow. */
import * as fc from 'fast-check';

// A mutant that fails once is dead: nobody reads the smallest case that kills it.
fc.configureGlobal({ seed: 20210208, endOnFailure: true });
