/** The letter about it. What stands in braces is looked up in the results: the head of `renderLetter` says how. */
export const LETTER = `
Subject: KVM: arm64: clean to the PoC before the break, not after it

When dirty logging stops, a fault replaces a table by a block. The kernel breaks the entry, cleans the block and
then makes it: while it cleans, the whole block is out of the guest's reach. Must the clean come after the break?

Whether it may come first is for a checker to say (see below). What that is worth, in a model: on 1G blocks with 20 vCPUs under v5.12 the longest that a page is out of reach falls from
{window baseline v5.12p1 20 1G} to {window clean-before-break v5.12p1 20 1G}, in the same time ({time baseline v5.12p1 20 1G} and
{time clean-before-break v5.12p1 20 1G}). Cleaning only what was not mapped (clean-holes) takes {time clean-holes v5.12p1 20 1G},
{change baseline clean-holes v5.12p1 20 1G}, with the same window; freeing by table pages too (by-tables)
{time by-tables v5.12p1 20 1G}, {change baseline by-tables v5.12p1 20 1G}.

Where faults share mmu_lock (v6.12) it has a price. vCPUs that race for one block clean it before they know who wins:
with 20 vCPUs on 1G blocks {cleaned clean-before-break v6.12 20 1G} are cleaned in place of {cleaned upstream-6-2 v6.12 20 1G}, and the stage
takes {time clean-before-break v6.12 20 1G} in place of {time upstream-6-2 v6.12 20 1G} ({change upstream-6-2 clean-before-break v6.12 20 1G}).
The window falls from {window upstream-6-2 v6.12 20 1G} to {window clean-before-break v6.12 20 1G}.

All cells, by the stage ADJUST of the published workload. "window" is the longest that a page that was mapped is out
of reach, "cleaned" what the stage-2 code cleans:

{table}

{skipped}

What it rests on: the machine is {profiles}; the rest is the kernel code as it is modelled. TLBs and
what a guest's walk costs are assumed. A clean of one block by several vCPUs at once is charged to each of them as if it
were alone: memory bandwidth that they share is not in it. The machine has no FEAT_S2FWB; with it nothing is cleaned.

Verdicts: {verdicts}. A time says nothing of safety: "s2bench verify" with a strategy's name says whether
it breaks a rule, in small worlds and for one kernel model at a time.

To reproduce it:

{command}

What would refute it: a page that is dirty in a cache when the block appears, though it was cleaned or not mapped
before the break; or a machine on which the time of a clean depends on the entry being invalid; or, for v6.12,
vCPUs that race for a block and clean at the bandwidth of one.
`;
