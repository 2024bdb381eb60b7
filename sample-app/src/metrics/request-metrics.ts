import { AuthorizationServer } from '@keybound/authorization-server/nest';
import {
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { IncomingMessage, Server } from 'node:http';
import { Metrics } from './metrics.js';
import { routeTemplate } from './route-template.js';

/** What no route and no endpoint answers: preflights, unknown paths, what cannot be parsed. */
const other = 'other';

/**
 * Measures every request, under the template of its route. It is a guard because a guard learns of the
 * route on every adapter, and the first one because others refuse; it refuses nothing itself.
 */
@Injectable()
export class RequestMetrics implements CanActivate, OnModuleInit {
  readonly #routes = new WeakMap<IncomingMessage, string>();

  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(AuthorizationServer) private readonly server: AuthorizationServer,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.prependListener('request', (message, response) => {
      const { url } = message;
      const hasEnded = this.metrics.startRequest();
      response.once('close', () => {
        const route = this.#routes.get(message) ?? this.#endpointAt(url);
        // Whoever asked may be gone before there is an answer.
        const status = response.headersSent ? `${String(response.statusCode)[0] ?? ''}xx` : 'none';
        hasEnded({ route, status });
      });
    });
  }

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<IncomingMessage & Partial<Raw>>();
    this.#routes.set(request.raw ?? request, routeTemplate(this.reflector, context));
    return true;
  }

  /** The authorization server answers before any route is looked for. */
  #endpointAt(target = ''): string {
    const [path = ''] = target.split(/[?#]/, 1);
    return this.server.owns(path) ? path : other;
  }
}

/** Fastify's request has Node's in it. */
interface Raw {
  readonly raw: IncomingMessage;
}
