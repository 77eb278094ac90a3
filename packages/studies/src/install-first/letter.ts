/** The letter about it. What stands in braces is looked up in the results: the head of `renderLetter` says how. */
export const LETTER = `
Subject: KVM: arm64: install the block before the old table goes: whom it helps

When a table becomes a block again, the kernel takes the table down first and installs the block last. The RFC of 2021
installs the block first. Its figures were of a test that cleans too, so that nobody saw what the order alone does. When
does the order matter?

Where nothing is cleaned (FWB), and guests use a block while it is replaced, with pages that their TLBs still hold. In a model of v5.12, 8
vCPUs, 1G blocks: the guests have done their work after {time install-first-uniform-cmo spread 1G assumed-fwb} in place of
{time baseline spread 1G assumed-fwb} ({change baseline install-first-uniform-cmo spread 1G assumed-fwb}); what vCPUs lose in
faults falls from {stalls baseline spread 1G assumed-fwb} to {stalls install-first-uniform-cmo spread 1G assumed-fwb}, and the longest
that a page is out of reach from {window baseline spread 1G assumed-fwb} to {window install-first-uniform-cmo spread 1G assumed-fwb}.
With 2M blocks it is {change baseline install-first-uniform-cmo spread 2M assumed-fwb}.

Where each page is touched once (page-table-test) it is {change baseline install-first-uniform-cmo page-table-test 1G assumed-fwb} on 1G blocks
and {change baseline install-first-uniform-cmo page-table-test 2M assumed-fwb} on 2M ones. Every vCPU next needs a page that is not mapped, and
waits for the lock, which is held until the table is down; of a table of 2M that is a short wait, and who finds the block earlier
does not fault at all.

Without FWB the clean stands between break and make in either order, and hides it: {window baseline spread 1G kunpeng920} and
{window install-first-uniform-cmo spread 1G kunpeng920} on 1G blocks. It is the clean that has to go before the break then
({window clean-before-break spread 1G kunpeng920}).

All cells, the last stage of each workload. "window" is the longest that a page that was mapped is out of reach:

{table}

{skipped}

What it rests on: {profiles}; the rest is the kernel code as it is modelled. How much a guest stalls hangs on the
pages that it uses of a block meanwhile, and on its TLBs, which are assumed.

Verdicts: {verdicts}. They are of all interleavings of small worlds with this history; "s2bench verify" with a strategy's name
explores the others too.

To reproduce it:

{command}

What would refute it: a guest with hot TLBs on a machine with FWB whose stalls do not change with the order; or one without
FWB whose stalls do, though the clean stays where it is.
`;
