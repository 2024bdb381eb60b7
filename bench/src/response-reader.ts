const contentLength = /\r\ncontent-length: *([0-9]+)\r\n/i;

/** As much of a response as somebody asked for. */
export interface Response {
  readonly status: number;
  /** Start line and fields as received. */
  readonly head: string;
  /** An octet a character. */
  readonly body: string;
}

/**
 * Finds where responses end on a connection that carries one at a time. Reads no more than status
 * and length, to leave the processor to the server.
 */
export class ResponseReader {
  #received = '';

  /**
   * @returns The response once all of it is there.
   * @throws Error for a response without `Content-Length`.
   */
  push(chunk: Buffer): Response | undefined {
    this.#received += chunk.toString('latin1');
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = this.#received.slice(0, end + 2);
    const length = contentLength.exec(head)?.[1];
    if (length === undefined) throw new Error(`No Content-Length: ${head}`);
    const body = this.#received.slice(end + 4);
    if (body.length < Number(length)) return undefined;
    this.#received = '';
    return {
      status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)),
      head,
      body,
    };
  }
}
