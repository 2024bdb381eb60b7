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

/** What `STORAGE` says. What is wrong with it is told without it: it may hold a password. */
export const storageSetting = z
  .string()
  .regex(
    /^(memory|sqlite:.+|postgres(ql)?:\/\/.+)$/,
    'must be memory, sqlite:<file> or postgres://…',
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
