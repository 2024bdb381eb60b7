import { z } from 'zod';

/** Where clients, grants and keys are kept. */
export type StorageSetting =
  /** In this process: all of it ends with the process. */
  | { readonly kind: 'memory' }
  /** @property file A path, from the working directory on, or `:memory:`. */
  | { readonly kind: 'sqlite'; readonly file: string }
  /** @property url May hold a password. */
  | { readonly kind: 'postgres'; readonly url: string };

const inFile = 'sqlite:';

/** A path, which no driver takes for a URL. */
const path = String.raw`(?!:|\w{2,}:).+`;

/** What `STORAGE` says. What is wrong with it is told without it: it may hold a password. */
export const storageSetting = z
  .string()
  .regex(
    new RegExp(`^(memory|sqlite:(:memory:|${path})|postgres(ql)?://.+)$`),
    'must be memory, sqlite:<path of a file> or postgres://…',
  )
  .transform((text): StorageSetting => {
    if (text === 'memory') return { kind: 'memory' };
    if (text.startsWith(inFile)) return { kind: 'sqlite', file: text.slice(inFile.length) };
    return { kind: 'postgres', url: text };
  });

/** Whether it survives the process. */
export function isDurable(storage: StorageSetting): boolean {
  return storage.kind === 'postgres' || (storage.kind === 'sqlite' && storage.file !== ':memory:');
}
