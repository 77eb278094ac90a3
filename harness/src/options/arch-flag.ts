/** The flag `--arch`: the hardware that a verdict is of. */
import { architectureOf, type ChosenArchitecture, VerifyError } from '@s2bench/verify';
import { UsageError } from '../cli/errors.ts';

/** The flags that choose hardware, as they were written. */
export interface ArchFlags {
  readonly arch?: string;
  readonly fwb?: string;
}

/**
 * Reads them; no hardware where none is asked for. `--fwb` stays an axis: `--arch fwb=on` chooses a value of it.
 *
 * @throws UsageError where a setting is unknown, or both flags set FEAT_S2FWB differently
 */
export function readArch({ arch, fwb }: ArchFlags): Partial<ChosenArchitecture> {
  if (arch === undefined) return {};
  const chosen = chosenOf(arch);
  if (chosen.fwb !== undefined && fwb !== undefined && fwb !== textOf(chosen.fwb))
    throw new UsageError(`--arch ${arch}: fwb=${textOf(chosen.fwb)} contradicts --fwb ${fwb}; leave out one of them`);
  return chosen;
}

/** A setting as it is written. */
export function textOf(isOn: boolean): 'on' | 'off' {
  return isOn ? 'on' : 'off';
}

function chosenOf(text: string): ChosenArchitecture {
  try {
    return architectureOf(text);
  } catch (error) {
    if (error instanceof VerifyError) throw new UsageError(`--arch ${error.message}`);
    throw error;
  }
}
