/** Whether the TypeScript sources are running, as in a clone, and not `dist`, as published. */
export const IN_CLONE = import.meta.url.endsWith('.ts');

/** The URL of a module of ours, named by its source: with the extension that it has in this installation. */
export function moduleUrl(relativeSource: string, base: string): URL {
  return new URL(IN_CLONE ? relativeSource : relativeSource.replace(/\.ts$/, '.js'), base);
}
