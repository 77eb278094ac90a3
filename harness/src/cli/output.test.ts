import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutputWatch } from './output.ts';

const error = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

describe('OutputWatch', () => {
  let watch: OutputWatch;
  afterEach(() => watch.stop());

  it('tells once why stdout could not be written', async () => {
    watch = new OutputWatch();
    process.stdout.emit('error', error('ENOSPC'));
    process.stdout.emit('error', error('EIO'));
    expect(await watch.settle()).toBe('ENOSPC: no');
  });

  it('has no problem with a reader that has gone, and tells who wants to know, once each', async () => {
    watch = new OutputWatch();
    const early = vi.fn();
    const late = vi.fn();
    watch.whenGone(early);
    process.stdout.emit('error', error('EPIPE'));
    process.stdout.emit('error', error('EPIPE'));
    process.stderr.emit('error', error('EPIPE'));
    watch.whenGone(late);
    expect(await watch.settle()).toBeUndefined();
    expect(early).toHaveBeenCalledOnce();
    expect(late).toHaveBeenCalledOnce();
  });
});
