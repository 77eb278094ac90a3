#!/usr/bin/env node
// Plain JavaScript that an old Node can parse too, so that it can say what is missing.
import { existsSync } from 'node:fs';

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `create-s2bench-strategy: needs Node 24 or newer, as s2bench does; this is ${process.version}\n`,
  );
  process.exitCode = 2;
} else {
  const source = new URL('../src/main.ts', import.meta.url);
  const { main } = await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
  process.exitCode = main(process.argv.slice(2), process.cwd());
}
