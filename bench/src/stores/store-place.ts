/** Where stores are kept: plain data, since it crosses into a child process. Nowhere: in memory. */
export interface StorePlace {
  readonly sqlite?: { readonly file: string };
  readonly postgres?: { readonly url: string; readonly schema: string };
  /** Replay memory, counters and sessions, whatever keeps the rest. */
  readonly redis?: { readonly url: string; readonly prefix: string };
}
