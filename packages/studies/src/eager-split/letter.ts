/** The letter about it. What stands in braces is looked up in the results: the head of `renderLetter` says how. */
export const LETTER = `
Subject: KVM: arm64: eager splits: what CLEAR pays, and what a chunk costs

With KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE blocks are split in the CLEAR ioctl and not by the first write. Does it pay, and which
chunk?

In a model, v6.12, 64 GiB of 2M blocks under 128 vCPUs: the ioctl takes {time@CLEAR1 upstream-6-2 split-chunk=2M} in place of
{time@CLEAR1 upstream-6-2 dirty-log-perf}. The next pass, which writes every page, takes as long as before ({time upstream-6-2 split-chunk=2M} and
{time upstream-6-2 dirty-log-perf}): it has a fault for each page, of which one in 512 would have split. What eager splits gain is where few
pages of a block are written: see the report eager-split-2023.

A chunk of a page takes {time@CLEAR1 upstream-6-2 split-chunk=4K}: each block is split once, but the lock is given up and the cache is filled for
each page. One of 1G takes {time@CLEAR1 upstream-6-2 split-chunk=1G}, as one of 2M does. The longest hold of mmu_lock is the same with all of
them, {hold@CLEAR1 upstream-6-2 split-chunk=2M}: that of the write protection before.

All cells:

{table CLEAR1 DIRTY2}

{skipped}

What it rests on: {profiles}; the rest is the kernel code as it is modelled. Memory for table pages is there at no cost.

Verdicts: {verdicts}. Splits at CLEAR are not explored: no world of "s2bench verify" clears a log.

To reproduce it:

{command}

What would refute it: a CLEAR whose time with a chunk of a page is that of 2M; or a pass that writes every page and is
faster after eager splits of its 2M blocks.
`;
