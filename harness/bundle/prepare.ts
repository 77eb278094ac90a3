/** `npm ci` runs it. A clone works without a bundle, so that one that cannot be made is no failure. */
try {
  await import('./make.ts');
} catch (error) {
  process.stderr.write(`no bundle was made, the sources run: ${String(error)}\n`);
}
