import { lookup } from 'node:dns/promises';

/** Answers every address of a name, as the operating system resolves it; rejects where there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

export const resolveHost: ResolveHost = async (hostname) => {
  const answers = await lookup(hostname, { all: true });
  return answers.map(({ address }) => address);
};
