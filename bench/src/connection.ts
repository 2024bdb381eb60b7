import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ResponseReader, type Response } from './response-reader.js';

interface Waiting {
  readonly resolve: (response: Response) => void;
  readonly reject: (reason: unknown) => void;
}

/** A connection that is kept alive, and carries one request at a time. */
export class Connection {
  readonly #socket: Socket;
  #waiting: Waiting | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new ResponseReader();
    const fail = (error: Error) => this.#waiting?.reject(error);
    socket.on('data', (chunk) => {
      try {
        const response = reader.push(chunk);
        if (response !== undefined) this.#waiting?.resolve(response);
      } catch (error) {
        this.#waiting?.reject(error);
      }
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('The server closed the connection.')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** @throws Error for a closed connection. */
  send(request: Buffer): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  /**
   * Sends a request whose answer is known beforehand.
   *
   * @throws Error for any other status: such a run has no figures.
   */
  async expect(isExpected: (status: number) => boolean, request: Buffer): Promise<Response> {
    const response = await this.send(request);
    if (isExpected(response.status)) return response;
    throw new Error(`Unexpected answer: ${response.head}\n${response.body}`);
  }

  close(): void {
    this.#socket.destroy();
  }
}
