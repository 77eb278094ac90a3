/** A strategy, a world or a file that cannot be verified: one line for the user, exit 2. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
}
