import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { doctorText, folderFinding, nodeFinding } from './doctor.ts';

describe('nodeFinding', () => {
  it('goes by what package.json wants', () => {
    expect(nodeFinding(process.versions.node)).toMatchObject({ ok: true });
    expect(nodeFinding('22.1.0')).toEqual({ what: 'Node', ok: false, said: '22.1.0; must be 24 or newer' });
  });
});

describe('folderFinding', () => {
  it('looks at the folder, or at what it would be made in', () => {
    const folder = tempFolder();
    expect(folderFinding(folder, 'reports')).toEqual({ what: 'reports', ok: true, said: 'can be written' });
    expect(folderFinding(join(folder, 'a/b'), 'reports')).toMatchObject({ ok: true, said: 'can be made' });
  });

  it.skipIf(process.getuid?.() === 0)('says what cannot be written', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o500);
    expect(folderFinding(join(folder, 'a'), 'reports')).toMatchObject({ ok: false });
  });

  it('takes a file for no folder', () => {
    expect(folderFinding(join(import.meta.filename, 'a'), 'reports')).toMatchObject({ ok: false });
  });
});

describe('doctorText', () => {
  it('says in a word what is wrong', () => {
    const findings = [
      { what: 'Node', ok: true, said: '24' },
      { what: 'Redis', ok: false, said: 'no answer' },
    ];
    expect(doctorText(findings)).toBe('ok     Node   24\nwrong  Redis  no answer\n');
  });
});
