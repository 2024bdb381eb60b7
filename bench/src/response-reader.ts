const contentLength = /\r\ncontent-length: *([0-9]+)\r\n/i;

/**
 * Finds where responses end on a connection that carries one at a time. Reads no more than status
 * and length, to leave the processor to the server.
 */
export class ResponseReader {
  #received = '';

  /**
   * @returns The status once the whole response is there.
   * @throws Error for a response without `Content-Length`.
   */
  push(chunk: Buffer): number | undefined {
    this.#received += chunk.toString('latin1');
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = this.#received.slice(0, end + 2);
    const length = contentLength.exec(head)?.[1];
    if (length === undefined) throw new Error(`No Content-Length: ${head}`);
    if (this.#received.length < end + 4 + Number(length)) return undefined;
    this.#received = '';
    return Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
  }
}
