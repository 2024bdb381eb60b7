const maxLength = 200;
const secretLike = /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}|[A-Za-z0-9_\-~+/]{64,}=*/g;

/**
 * Makes what a peer sent fit for a log line: printable ASCII, bounded, and without anything that
 * looks like a token.
 */
export function safeText(value: string): string {
  const bounded = value.length > 4_096 ? value.slice(0, 4_096) : value;
  const redacted = bounded.replace(secretLike, '[redacted]').replace(/[^ -~]/g, '?');
  return redacted.length > maxLength ? `${redacted.slice(0, maxLength)}…` : redacted;
}
