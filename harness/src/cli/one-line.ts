/** The first line of what an error says, fit to stand in a one-line message. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text
    .split('\n')
    .map((part) => part.trim())
    .find((part) => part !== '');
  if (line !== undefined) return line;
  return error instanceof Error ? error.name : 'no message';
}
