/** Kernel models: what differs between releases in the stage-2 code and the abort handler around it. */
import { nameWithOptions, readOptions, splitOptions } from '@s2bench/core';
import type { z } from '@s2bench/core';
import { KERNEL_MODELS } from './kernel-models.ts';
import type { KernelModel } from './kernel-options.ts';

export type { ConfigurableKernelModel, KernelModel } from './kernel-options.ts';

/**
 * The kernel model of a name, with its options: `v5.12`, `v5.12?aligned-walk=on`.
 *
 * @throws RangeError where there is none, or an option is not one of its own, in one line that begins with the text
 */
export function kernelModelOf(text: string): KernelModel {
  const { base, query = '' } = splitOptions(text);
  const found = KERNEL_MODELS.find(({ name }) => name === base);
  if (found === undefined) throw new RangeError(`${text}: unknown kernel model; ${whatIsModelled(base)}`);
  const { options, code, coalesceOrder, settle, describe } = found;
  const given = optionsGiven(text, query);
  const { success, data, error } = options.safeParse(given);
  if (!success) throw new RangeError(`${text}: ${error.issues.map(issueText).join('; ')}`);
  return {
    name: nameWithOptions(base, options, given),
    summary: `${code}${describe(data)}`,
    coalesceOrder,
    ...settle(data),
  };
}

/**
 * What is modelled, for who asked for something else: the newest model that is not later. Never the one that is spelt
 * most alike: v5.11 and v6.1 differ in locks, in the order of a coalesce and in flushes.
 */
function whatIsModelled(asked: string): string {
  const modelled = `modelled are ${KERNEL_MODELS.map(({ name }) => name).join(', ')}`;
  const release = releaseNumber(asked);
  if (release === undefined) return modelled;
  const nearest = KERNEL_MODELS.findLast((one) => (releaseNumber(one.release) ?? Infinity) <= release);
  if (nearest === undefined) return `${modelled}; all of them are later`;
  const isBeyond = KERNEL_MODELS.every((one) => (releaseNumber(one.release) ?? Infinity) < release);
  const later = isBeyond ? ', and no later kernel' : '';
  return `${modelled}${later}; the newest that is not later is ${nearest.name}: ${nearest.code}`;
}

/** A release as a number that rises with it. */
function releaseNumber(text: string): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/i.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

function optionsGiven(text: string, query: string): Record<string, string> {
  try {
    return Object.fromEntries(readOptions(query).map(([name, values]) => [name, values.join()]));
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${text}: ${error.message}`) : error;
  }
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `option ${path.join('.')}: ${message}`;
}
