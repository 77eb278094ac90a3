/** A strategy, a world or a file that cannot be verified: one line for the user, exit 2. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
}

/** A counterexample whose steps are possible and which breaks its rule no more: the strategy has been repaired. */
export class RuleKeptError extends VerifyError {}
