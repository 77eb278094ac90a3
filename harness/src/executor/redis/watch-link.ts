import type { RedisLink } from './link.ts';

/** Restarts take less than this; what takes longer is worth a line. */
const SILENT_MS = 3000;

/** Tells when the server is gone and when it is back; the value stops it. */
export function watchLink(link: RedisLink, say: (line: string) => void): () => void {
  const { client, address } = link;
  let timer: NodeJS.Timeout | undefined;
  let isTold = false;
  const gone = (): void => {
    timer ??= setTimeout(() => {
      isTold = true;
      say(`${address.shown}: Redis does not answer; waiting for it`);
    }, SILENT_MS);
  };
  const back = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isTold) say(`${address.shown}: Redis is back`);
    isTold = false;
  };
  client.on('close', gone).on('ready', back);
  return () => {
    clearTimeout(timer);
    client.off('close', gone).off('ready', back);
  };
}
