import type { InteractionDetails } from '@keybound/authorization-server/extension';
import { AuthorizationServer } from '@keybound/authorization-server/nest';
import {
  createParamDecorator,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { InteractionRefusedException } from './interaction-refused.exception.js';
import { Users } from './users.js';

/** What Express and Fastify have in common. */
export interface LoginRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly method: string;
  readonly url: string;
  readonly ip?: string;
  readonly body?: unknown;
  /** From Passport. */
  readonly user?: string;
}

const known = new WeakMap<object, InteractionDetails>();

/** Lets a browser only to an interaction of its own. AS-22. */
@Injectable()
export class InteractionGuard implements CanActivate {
  constructor(
    @Inject(AuthorizationServer) private readonly server: AuthorizationServer,
    @Inject(Users) private readonly users: Users,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<LoginRequest>();
    const { id = '' } = request.params;
    const details = await this.server.interactions.details(id, request.headers.cookie);
    if (!details.ok) throw new InteractionRefusedException(details.failure);
    const { subject, scopes } = details.value;
    // A user can allow a client what is the user's own to give, and no more. AS-256.
    const given = scopes.filter((scope) => this.users.mayGive(subject, scope));
    known.set(request, { ...details.value, scopes: given });
    return true;
  }
}

/** Undefined where {@link InteractionGuard} refused, or was not asked. */
export function knownInteractionOf(request: object): InteractionDetails | undefined {
  return known.get(request);
}

/** @throws Error on a route without {@link InteractionGuard}. */
export function interactionOf(request: object): InteractionDetails {
  const details = knownInteractionOf(request);
  if (details === undefined) throw new Error('InteractionGuard does not guard this route.');
  return details;
}

/** The interaction that {@link InteractionGuard} found. */
export const Interaction = createParamDecorator((_: undefined, context: ExecutionContext) =>
  interactionOf(context.switchToHttp().getRequest<object>()),
);
