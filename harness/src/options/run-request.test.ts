import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAKE_WORKLOAD } from '../../test/fixtures/fake-workload.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { commandText, readRunRequest, type RunFlags } from './run-request.ts';

const read = (flags: RunFlags, cwd: string) => readRunRequest(flags, cwd, [FAKE_WORKLOAD]);

/** The normalised command of flags, with the strategies and profiles as they were written. */
async function command(flags: RunFlags, config?: object): Promise<string> {
  const cwd = tempFolder();
  if (config !== undefined) writeFileSync(join(cwd, 's2bench.config.json'), JSON.stringify(config));
  const request = await read(flags, cwd);
  return commandText(request, request.axes.strategy, {}, request.axes.profile);
}

describe('readRunRequest', () => {
  it('writes the report of a preset only where the matrix is exactly that of the preset', async () => {
    const cwd = tempFolder();
    const out = async (flags: RunFlags) => (await read(flags, cwd)).out?.folder;
    expect(await out({})).toBe(join(cwd, 'reports', 'thread-2021'));
    expect(await out({ vcpus: '60,40,20,20', jobs: '1', resume: true })).toBeUndefined();
    expect(await out({ vcpus: '20,40,60', jobs: '1', resume: true })).toBe(join(cwd, 'reports', 'thread-2021'));
    expect(await out({ exact: true })).toBeUndefined();
    expect(await out({ json: true })).toBeUndefined();
    expect(await out({ json: true, out: 'here' })).toBe(join(cwd, 'here'));
  });

  it('has no report of the committed ones say where it was made', async () => {
    const cwd = tempFolder();
    const flags = { recordEnvironment: true };
    await expect(read(flags, cwd)).rejects.toThrow(/^--record-environment: not in \S*reports\/thread-2021, since /);
    expect((await read({ ...flags, out: 'here' }, cwd)).recordEnvironment).toBe(true);
    expect((await read({ ...flags, json: true }, cwd)).out).toBeUndefined();
  });

  it("explores where it is asked to, and unasked for a preset's own matrix only", async () => {
    const cwd = tempFolder();
    const asked = async (flags: RunFlags) => {
      const { verify, isExactlyPreset } = await read(flags, cwd);
      return { verify, isExactlyPreset };
    };
    expect(await asked({})).toEqual({ verify: true, isExactlyPreset: true });
    expect(await asked({ verify: false })).toEqual({ verify: false, isExactlyPreset: false });
    expect(await asked({ vcpus: '20' })).toEqual({ verify: false, isExactlyPreset: false });
    expect(await asked({ vcpus: '20', verify: true })).toEqual({ verify: true, isExactlyPreset: false });
    expect(await command({})).toBe('s2bench run --preset thread-2021');
    expect(await command({ verify: false })).toBe('s2bench run --preset thread-2021 --no-verify --json');
    expect(await command({ vcpus: '20', verify: true })).toBe(
      's2bench run --preset thread-2021 --vcpus 20 --verify --json',
    );
  });

  it('takes a preset of the config file, filled up from the one that comes with s2bench', async () => {
    const cwd = tempFolder();
    const config = { vcpus: 4, presets: { small: { memory: '1G', strategy: ['baseline', './mine'] } } };
    writeFileSync(join(cwd, 's2bench.config.json'), JSON.stringify(config));
    const { axes, preset, presetIsBuiltIn } = await read({ preset: 'small' }, cwd);
    expect(axes).toMatchObject({
      memory: [2 ** 30],
      vcpus: [4],
      strategy: ['baseline', './mine'],
      kernel: ['v5.12p1'],
    });
    expect(preset.name).toBe('small');
    expect(presetIsBuiltIn).toBe(false);
  });

  it('reads paths of a config file from its folder', async () => {
    const cwd = tempFolder();
    const elsewhere = tempFolder();
    const path = join(elsewhere, 'my.config.json');
    writeFileSync(
      path,
      JSON.stringify({ strategies: ['more/mine'], strategy: ['./a.ts', 'baseline'], out: 'results' }),
    );
    const request = await read({ config: path }, cwd);
    expect(request.strategyPaths).toEqual([join(elsewhere, 'more', 'mine')]);
    expect(request.axes.strategy[0]).toMatch(/^\.\.\/.*\/a\.ts$/);
    expect(request.out?.folder).toBe(join(elsewhere, 'results'));
  });

  it.each<[RunFlags, string]>([
    [{ preset: 'thread-2022' }, '--preset thread-2022: unknown preset; did you mean thread-2021?'],
    [{ jobs: '0' }, '--jobs 0: must be a whole number from 1 to 1024, for example 4'],
    [{ cellTimeout: 'x' }, '--cell-timeout x: must be a whole number'],
    [{ out: '' }, '--out: an empty name'],
  ])('refuses %j', async (flags, message) => {
    await expect(read(flags, tempFolder())).rejects.toThrow(message);
  });

  it('does not let a config file take the name of a preset of s2bench', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 's2bench.config.json'), '{"presets": {"thread-2021": {}}}');
    await expect(read({}, cwd)).rejects.toThrow(
      's2bench.config.json: presets.thread-2021: s2bench has a preset of that name',
    );
  });
});

describe('commandText', () => {
  it('is the preset alone where nothing differs', async () => {
    expect(await command({ vcpus: '20,40,60', jobs: '3', out: 'x' })).toBe('s2bench run --preset thread-2021');
  });

  it('adds what differs in a fixed order and writing', async () => {
    expect(await command({ seed: '7', memory: '1024M', vcpus: '4,4', exact: true, cellTimeout: '9' })).toBe(
      's2bench run --preset thread-2021 --vcpus 4 --memory 1G --seed 7 --exact --json',
    );
  });

  it('says again what a config file says, as the command may be run beside it', async () => {
    expect(await command({ vcpus: '20,40,60' }, { vcpus: [2] })).toBe(
      's2bench run --preset thread-2021 --vcpus 20,40,60',
    );
  });

  it('names the config file of its preset', async () => {
    expect(await command({ preset: 'tiny' }, { presets: { tiny: { vcpus: 2 } } })).toBe(
      's2bench run --preset tiny --config s2bench.config.json',
    );
  });

  it('names kernel models as it does strategies: a flag of its own for one that follows options', async () => {
    expect(await command({ kernel: ['v5.11,v5.12?aligned-walk=on,off', 'v5.12p1'], vcpus: '2' })).toBe(
      "s2bench run --preset thread-2021 --vcpus 2 --kernel 'v5.11,v5.12?aligned-walk=on,off' --kernel v5.12p1 --json",
    );
    expect(await command({ vcpus: '2' }, { kernel: 'v5.12p1?aligned-walk=on' })).toContain(
      "--kernel 'v5.12p1?aligned-walk=on'",
    );
  });

  it('quotes what a shell would take apart', async () => {
    expect(await command({ strategy: "./my strategy's.ts" })).toContain(String.raw`--strategy './my strategy'\''s.ts'`);
  });
});
