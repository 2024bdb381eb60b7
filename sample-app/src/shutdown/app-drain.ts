import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { ServerDrain, type DrainOptions } from './server-drain.js';

/** For what is under way. */
const withinMs = 10_000;

/** With those who have not noticed yet. */
export type Patience = Omit<DrainOptions, 'withinMs'>;

/** Lets the app finish what it has begun, before anything that it needs is closed. THR-71. */
@Injectable()
export class AppDrain implements OnModuleInit, BeforeApplicationShutdown {
  #drain: ServerDrain | undefined;

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  get isDraining(): boolean {
    return this.#drain?.isDraining === true;
  }

  onModuleInit(): void {
    this.#drain = new ServerDrain(this.host.httpAdapter.getHttpServer() as Server);
  }

  /** Refuses new connections, and resolves once all have ended. */
  async drain(patience: Patience): Promise<void> {
    await this.#drain?.drain({ withinMs, ...patience });
  }

  /** Who closes the app from within its process waits for nobody who may be on the way. */
  beforeApplicationShutdown(): Promise<void> {
    return this.drain({ acceptMs: 0, idleMs: 0 });
  }
}
