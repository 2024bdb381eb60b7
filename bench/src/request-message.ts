/** A request as it goes on the wire. @param target With the method, as in the start line. */
export function requestMessage(target: string, fields: readonly string[], body = ''): Buffer {
  const lines = [`${target} HTTP/1.1`, ...fields];
  if (body !== '') lines.push(`Content-Length: ${String(Buffer.byteLength(body))}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
