/** Where in a file a syntax error is. */
import { pathToFileURL } from 'node:url';

/** `:LINE` of a syntax error in a file, or nothing. Node puts it only at the head of the stack. */
export function syntaxLine(error: unknown, path: string): string {
  if (!(error instanceof SyntaxError)) return '';
  const [head = ''] = (error.stack ?? '').split('\n');
  const match = /^(.*):(\d+)$/.exec(head);
  if (match === null) return '';
  const [, file, line = ''] = match;
  return file === path || file === pathToFileURL(path).href ? `:${line}` : '';
}
