import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { captureAtServer } from '../node-http/request-content.js';
import { PopResource } from './pop-resource.token.js';

/**
 * Puts the capture of signed content in front of everything else: at the server itself, so that no
 * order of body parsers and middleware, on Express or Fastify, can come before it.
 */
@Injectable()
export class ContentCapture implements OnModuleInit {
  constructor(
    @Inject(PopResource) private readonly resource: PopResource,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** An application without HTTP has nothing to capture. */
  onModuleInit(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const server = adapter?.getHttpServer() as Server | undefined;
    if (server !== undefined) captureAtServer(server, this.resource.maxContentBytes);
  }
}
