/** What was asked for cannot be made. The message is one line: what is wrong, and what would be right. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
