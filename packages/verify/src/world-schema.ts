/** The shape of a world, for one that comes from outside: a file, or a caller without types. */
import { HISTORIES } from '@s2bench/kernel';
import { notModelledText, whyNotModelled } from '@s2bench/kernel/not-modelled';
import * as z from 'zod';
import { decodeStep } from './world.ts';
import type { HostStep, World } from './world.ts';

/** Numbers of a state's fields (`explore/layout.ts`): more does not fit. */
const MOST_VCPUS = 5;
const MOST_GUEST_STEPS = 31;
const MOST_HOST_STEPS = 63;
/** Pages of a slot: a bit each in a mask of 32. */
const MOST_PAGES = 31;

const whole = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
};
const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, {
    error: ({ input }) => `${shown(input)} is unknown; must be ${listed(names)}${notModelledText(String(input))}`,
  });
const flag = z.boolean({ error: 'must be true or false' });
const page = whole(0, 63);

const slot = z.strictObject(
  {
    basePage: page,
    pages: whole(1, MOST_PAGES),
    backing: oneOf(['anonymous', 'thp', 'hugetlb']),
    blockPages: z.literal([4, 16], { error: ({ input }) => `${shown(input)} pages are no block; must be 4 or 16` }),
    hostOffsetPages: whole(0, 15).exactOptional(),
    begin: oneOf(['written', 'untouched', 'split']),
  },
  { error: 'must be an object' },
);

const guestStep = z.string({ error: 'must be a text such as "r0", "w1|r2" or "@1"' }).superRefine((text, context) => {
  try {
    decodeStep(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message.replace(/^guest step /, '') });
  }
});

const vcpu = z.strictObject(
  {
    caches: flag,
    steps: z
      .array(guestStep, { error: 'must be a list of guest steps' })
      .max(MOST_GUEST_STEPS, { error: `must have at most ${MOST_GUEST_STEPS} steps` }),
  },
  { error: 'must be an object with caches and steps' },
);

/** What each step of the host has beside its `do`. */
const HOST_STEPS = {
  write: z.strictObject({ do: z.literal('write'), page }),
  logging: z.strictObject({ do: z.literal('logging'), on: flag }),
  collect: z.strictObject({ do: z.literal('collect') }),
  unmap: z.strictObject({ do: z.literal('unmap'), firstPage: page, pages: whole(1, MOST_PAGES) }),
  collapse: z.strictObject({ do: z.literal('collapse'), page }),
  await: z.strictObject({
    do: z.literal('await'),
    vcpu: whole(0, MOST_VCPUS - 1),
    steps: whole(0, MOST_GUEST_STEPS),
  }),
  move: z.strictObject({ do: z.literal('move'), toPage: page }),
  'delete-slot': z.strictObject({ do: z.literal('delete-slot') }),
} as const satisfies Record<HostStep['do'], z.ZodType<HostStep>>;

const { write, logging, collect, unmap, collapse, await: awaits, move, 'delete-slot': deleteSlot } = HOST_STEPS;
const hostStep = z.discriminatedUnion('do', [write, logging, collect, unmap, collapse, awaits, move, deleteSlot], {
  error: ({ input }) => {
    const known = `must be ${listed(Object.keys(HOST_STEPS))}`;
    const wanted = typeof input === 'object' && input !== null && 'do' in input ? input.do : undefined;
    return `${shown(wanted)} is no step of the host; ${known}${notModelledText(String(wanted))}`;
  },
});

/** A world as data. That its numbers fit each other is `checkWorld`'s business. */
export const worldSchema = z.strictObject(
  {
    name: z
      .string({ error: 'must be a text' })
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'must be lower-case words or numbers joined by hyphens' }),
    purpose: z.string({ error: 'must be a text' }),
    levels: z.literal([2, 3], { error: ({ input }) => `${shown(input)} levels are not modelled; must be 2 or 3` }),
    slot,
    histories: z
      .array(oneOf(HISTORIES), { error: 'must be a list of histories' })
      .min(1, { error: `must name a history: ${listed(HISTORIES)}` }),
    vcpus: z
      .array(vcpu, { error: 'must be a list of vCPUs' })
      .min(1, { error: 'must have a vCPU' })
      .max(MOST_VCPUS, { error: `must be at most ${MOST_VCPUS} vCPUs` }),
    host: z
      .array(hostStep, { error: 'must be a list of host steps' })
      .max(MOST_HOST_STEPS, { error: `must have at most ${MOST_HOST_STEPS} steps` }),
  },
  { error: 'must be an object: a world' },
) satisfies z.ZodType<World>;

/** Where an issue is and what it is, in words: `host.0.do: 'delete' is no step of the host; …`. */
export function worldIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return `${[...path, key].join('.')}: unknown field; ${whyNotModelled(key) ?? 'leave it out, or correct its name'}`;
  }
  // The discriminator of a step is what is wrong with it.
  if (issue.code === 'invalid_union' && path[0] === 'host' && path.length === 2) path.push('do');
  return `${path.length === 0 ? 'the document' : path.join('.')}: ${issue.message}`;
}

function shown(input: unknown): string {
  return typeof input === 'string' ? `'${input}'` : input === undefined ? 'nothing' : JSON.stringify(input);
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
