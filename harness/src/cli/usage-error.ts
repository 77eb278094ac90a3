/**
 * What the user asked for cannot be done as it was asked. The message is one line that names the option or the
 * file, says what is wrong with it and what would be right; the program prints it and ends with exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
