import { ConfigurationError, StoreUnavailableError, UpstreamError } from '@keybound/core';

/** What the system says of a disk, a path or an account, and an operator can change. */
const ofSystem: readonly unknown[] = ['EACCES', 'EDQUOT', 'ENOSPC', 'EPERM', 'EROFS'];

/** What the operator can mend, without a stack. Undefined for what is a bug. */
export function sentenceForOperator(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) return withReason(error);
  if (error instanceof StoreUnavailableError || error instanceof UpstreamError) {
    return `The sample app cannot start: ${withReason(error)}`;
  }
  if (!(error instanceof Error && 'code' in error)) return undefined;
  return ofSystem.includes(error.code) ? error.message : undefined;
}

function withReason({ message, cause }: Error): string {
  const reason = reasonOf(cause);
  return reason === undefined ? message : `${message.replace(/\.$/, '')}: ${reason}`;
}

/** A host with several addresses refuses at each of them, and says so in a list. */
function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error && cause.message !== '' ? cause.message : undefined;
}
