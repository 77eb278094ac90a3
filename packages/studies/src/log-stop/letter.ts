/** The letter about it. What stands in braces is looked up in the results: the head of `renderLetter` says how. */
export const LETTER = `
Subject: KVM: arm64: blocks back when dirty logging stops

When a migration is cancelled, a guest is left with tables that logging has split to pages. Blocks come back where a
fault finds a table in their way. A table that is full gets no fault: its block never comes back, and the guest walks a
level more for ever. Should the ioctl that stops logging bring blocks back, and how?

In a model, v6.12, blocks of 2M, 32 vCPUs that read all the time, beside which the ioctl runs: collapsing full tables in
the ioctl takes {ioctl recover-collapse 32 kunpeng920} on a machine without FWB, and the guests have done their work after
{time recover-collapse 32 kunpeng920} in place of {time upstream 32 kunpeng920}
({change upstream recover-collapse 32 kunpeng920}). With one flush for many blocks it is
{ioctl recover-collapse-batched 32 kunpeng920}, but a page is out of reach for up to
{window recover-collapse-batched 32 kunpeng920} where it was {window recover-collapse 32 kunpeng920}. To zap the
tables and let faults map blocks takes the guests {time recover-zap 32 kunpeng920}
({change upstream recover-zap 32 kunpeng920}): each block is cleaned again. With FWB nothing is cleaned, and zapping
takes {time recover-zap 32 assumed-fwb}, collapsing {time recover-collapse 32 assumed-fwb}, nothing
{time upstream 32 assumed-fwb}.

All cells, by the stage LOG_OFF: the guests' passes over their memory, begun before the ioctl and ended after it. "ioctl"
is the ioctl from its begin to its end, "window" the longest that a break keeps a page out of reach; what a zap takes
away is no break, and not in it:

{table}

{skipped}

What it rests on: {profiles}; the rest is the kernel code as it is modelled, and hooks that are ours, not the kernel's.
How much a guest gains from blocks hangs on its TLBs and on what a walk costs, which are assumed, and on a guest that
reads one page after the other.

Verdicts: {verdicts}. A time says nothing of safety: "s2bench verify upstream --log-stop" with a hook's name says
whether it breaks a rule, in small worlds and for one kernel model at a time.

To reproduce it:

{command}

What would refute it: a guest whose working set fits into its TLBs as pages, which gains nothing; a flush that costs more
than the passes that blocks save; or a full table of v6.12 in which a fault does bring the block back.
`;
