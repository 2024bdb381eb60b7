import type { Socket } from 'node:net';
import type { Awaited, ProxyMode } from './fault-proxy.js';

/** Something that was said, and is not heard yet. */
export interface Withheld {
  /** Its beginning, as Latin-1. */
  readonly text: string;
  /** Lets it pass. */
  readonly deliver: () => void;
  /** Ends the connection instead. */
  readonly cut: () => void;
}

/** Two sockets, and what passes from one to the other. */
export class ProxiedConnection {
  #mode: ProxyMode = { kind: 'pass' };
  /** Whose answer is to be withheld, once it comes. */
  #awaited: Awaited | undefined;
  /** What is held back on its way to the app; undefined while nothing is. */
  #withheld: Buffer[] | undefined;

  /** @param whoAwaits Asked of everything that the app says, before the store hears it. */
  constructor(
    private readonly app: Socket,
    private readonly store: Socket,
    whoAwaits: (said: Buffer) => Awaited | undefined,
  ) {
    app.setNoDelay(true);
    store.setNoDelay(true);
    app.on('data', (said) => {
      this.#ask(said, whoAwaits(said));
    });
    store.on('data', (answer) => {
      this.#answer(answer);
    });
    app.on('error', () => store.destroy()).on('close', () => store.destroy());
    store.on('error', () => app.destroy()).on('close', () => app.destroy());
  }

  apply(mode: ProxyMode): void {
    // Whoever forgot the connection does not remember it.
    if (this.#mode.kind === 'half-open') return;
    this.#mode = mode;
    const isStuck = mode.kind === 'black-hole' || mode.kind === 'half-open';
    for (const socket of [this.app, this.store]) {
      if (isStuck) socket.pause();
      else socket.resume();
    }
  }

  end(): void {
    this.app.destroy();
    this.store.destroy();
  }

  #ask(said: Buffer, awaited: Awaited | undefined): void {
    if (this.#mode.kind === 'reset') {
      this.#cut();
    } else if (awaited?.what === 'question') {
      awaited.found(this.#whatIsWithheld(said, () => this.store.write(said)));
    } else {
      this.#awaited = awaited ?? this.#awaited;
      this.store.write(said);
    }
  }

  #answer(answer: Buffer): void {
    const { found } = this.#awaited ?? {};
    this.#awaited = undefined;
    if (found !== undefined) {
      this.#withheld = [answer];
      found(
        this.#whatIsWithheld(answer, () => {
          const held = this.#withheld ?? [];
          this.#withheld = undefined;
          for (const part of held) this.app.write(part);
        }),
      );
    } else if (this.#withheld !== undefined) {
      this.#withheld.push(answer);
    } else if (this.#mode.kind === 'delay') {
      // Nobody may be there any more to wait for it.
      setTimeout(() => this.app.write(answer), this.#mode.milliseconds).unref();
    } else {
      this.app.write(answer);
    }
  }

  #whatIsWithheld(part: Buffer, deliver: () => void): Withheld {
    return {
      text: part.toString('latin1'),
      deliver,
      cut: () => {
        this.#cut();
      },
    };
  }

  #cut(): void {
    this.app.resetAndDestroy();
    this.store.destroy();
  }
}
