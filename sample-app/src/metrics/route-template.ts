import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const known = new WeakMap<object, string>();

/** Of the handler that a request was routed to, as its decorators say: `/login/:id`. */
export function routeTemplate(reflector: Reflector, context: ExecutionContext): string {
  const handler = context.getHandler();
  const found = known.get(handler);
  if (found !== undefined) return found;
  const parts = [context.getClass(), handler].map((each) => reflector.get<string>('path', each));
  const template = `/${parts.join('/')}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  known.set(handler, template);
  return template;
}
