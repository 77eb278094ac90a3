/** The letter about it. What stands in braces is looked up in the results: the head of `renderLetter` says how. */
export const LETTER = `
Subject: KVM: arm64: which order of a coalesce, where

When dirty logging stops, faults make blocks of tables again. The thread of February 2021 had four orders of doing so; three more came
after. Which of them is fastest, and is it safe?

{best}: in a model of v5.12, by the time of the stage. On 1G blocks of 4K pages, 20G and 20 vCPUs, without FWB: {time by-tables kunpeng920 20 20G 1G 4K-pages} in place of
{time baseline kunpeng920 20 20G 1G 4K-pages}, and a page is out of reach for {window by-tables kunpeng920 20 20G 1G 4K-pages} at most where it was
{window baseline kunpeng920 20 20G 1G 4K-pages}. The RFC without a clean takes {time install-first-no-cmo kunpeng920 20 20G 1G 4K-pages}, and is unsafe.

What it costs: before the break each table page is asked for its count, and those that are not full are looked into for holes; and the references
of the leaves of an old table are dropped in bulk and not one by one.

All settings, by the stage ADJUST of the published workload: the fastest safe order, and how many times as fast as the stock order it is:

{ranking}

{skipped}

What it rests on: {profiles}; the rest is the kernel code as it is modelled, and the published workload, in which half of each
block is mapped when it is made. "s2bench rank reports/matrix" says which assumed cost would turn which order.

Verdicts: {verdicts}. They are of all interleavings of small worlds with this history; "s2bench verify" with a strategy's name
explores the others too.

To reproduce it:

{command}

What would refute it: a hole that was dirty in a cache and is not cleaned by it; or a machine on which a walk over table pages costs
more than the clean that it saves.
`;
