/** How the judge says no, and how it says that it does not know. */

/** Why a record is refused, in the words that Casemate 3.0.2 prints: what it says is held against them. */
export const REASONS = {
  validOverValid: 'BBM valid->valid',
  validOverUnclean: 'BBM invalid unclean->valid',
  uncleanBelow: 'BBM write table descriptor with unclean children',
  belowUnclean: 'Wrote on a page with an unclean parent',
  encoding: 'Saw invalid pte encoding',
  walkToUnknown: 'Saw uninitialised PTE on pgtable traversal',
  linkedTwice: 'double-use pte',

  noLock: 'must have associated root with a lock',
  lockNotHeld: 'must write to pte while holding owner lock',
  plainAfterStore: 'Wrote plain without authorization',
  lockHeld: 'Tried to lock a component that was alerady held',
  lockOfAnother: 'Tried to reacquire lock on different thread',
  unlockOfNone: 'Tried to unlock a component that was not held',
  unlockOfAnother: 'Tried to unlock a cpmponent that was held by another thread',

  localDsb: 'Unsupported DSB NSH',
  localTlbi: 'Unsupported TLBI (expected broadcast)',

  storeToUnknown: 'Attempted write to uninitialised location',
  initOfUsed: 'cannot initialise used location',
  freeOfTable: "can't free location which is currently a PTE",

  rootHasOtherId: 'root already associated with an (VM/AS)ID',
  idHasOtherRoot: 'duplicate (VM/AS)ID',
  releaseOfUnclean: 'cannot release table where children are still unclean',
  releaseOfNoRoot: 'root does not exist',
  releaseInUse: 'cannot release table still in use',
} as const;

/** A record that Casemate refuses. */
export class Refusal extends Error {}

/** A record that our reading does not follow: what Casemate says of it, only Casemate knows. */
export class OutOfReach extends Error {}

/** @throws Refusal where something is wrong */
export function refuseIf(wrong: boolean, reason: keyof typeof REASONS): void {
  if (wrong) throw new Refusal(REASONS[reason]);
}

/** @throws OutOfReach where something is beyond our reading */
export function leaveIf(beyond: boolean, why: string): void {
  if (beyond) throw new OutOfReach(why);
}
