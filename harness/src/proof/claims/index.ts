/** The nine questions of the thread. */
import type { Claim } from '../claim.ts';
import { alignment } from './alignment.ts';
import { coherency } from './coherency.ts';
import { thpCollapse } from './collapse.ts';
import { follow } from './follow.ts';
import { logging } from './logging.ts';
import { population } from './population.ts';
import { postVisitor } from './post-visitor.ts';
import { references } from './references.ts';
import { strategies } from './strategies.ts';

/** In the order in which the page answers them. */
export const CLAIMS: readonly Claim[] = [
  population,
  thpCollapse,
  alignment,
  logging,
  coherency,
  references,
  postVisitor,
  follow,
  strategies,
];
