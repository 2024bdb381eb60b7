import { PopGuard, type VerifiedPop } from '@keybound/pop/nest';
import { rememberVerifiedPop } from '@keybound/pop/node-http';
import type { ExecutionContext } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { verifiedPopForTests } from '../verified-pop.js';

/**
 * Lets every request of an application under test through as if this sender had proven its key.
 *
 * @example
 * ```ts
 * const module = await overridePop(Test.createTestingModule({ imports: [AppModule] }), {
 *   subject: 'alice',
 * }).compile();
 * ```
 */
export function overridePop(
  builder: TestingModuleBuilder,
  facts: Partial<VerifiedPop> = {},
): TestingModuleBuilder {
  const pop = verifiedPopForTests(facts);
  return builder.overrideGuard(PopGuard).useValue({
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<object & { raw?: object }>();
      rememberVerifiedPop(request.raw ?? request, pop);
      return true;
    },
  });
}
