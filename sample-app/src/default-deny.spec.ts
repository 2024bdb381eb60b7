import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get, Module, RequestMethod, type INestApplication } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AppModule } from './app.module.js';
import { openParts } from './open-parts.js';
import { readSettings } from './settings/read-settings.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  secrets() {
    return 'secret';
  }
}

@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly exempt: boolean;
}

describe('every route of the sample app', () => {
  const settings = readSettings({});
  const audit = { record: () => undefined };
  let app: INestApplication;
  let address: string;

  beforeAll(async () => {
    const imports = [
      AppModule.from(settings, await openParts(settings, { audit })),
      ForgottenModule,
      DiscoveryModule,
    ];
    const module = await Test.createTestingModule({ imports }).compile();
    app = module.createNestApplication();
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
  });
  afterAll(() => app.close());

  it('THR-83 is refused without credentials, unless it is marked as open', async () => {
    const guarded = routesOf(app).filter(({ exempt }) => !exempt);
    expect(guarded.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/api/whoami', '/api/echo', '/api/admin', '/forgotten']),
    );
    for (const { method, path } of guarded) {
      const { status, headers } = await fetch(address + path, { method });
      expect([path, status]).toEqual([path, 401]);
      expect(headers.get('www-authenticate')).toMatch(/^PoP .*DPoP /);
    }
  });

  it('THR-83 is open only where that was decided', () => {
    const open = routesOf(app).filter(({ exempt }) => exempt);
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /',
      'GET /.well-known/oauth-protected-resource/api',
      'GET /api/public',
      'GET /healthz',
      'GET /login/:id',
      'GET /metrics',
      'GET /readyz',
      'POST /login/:id',
      'POST /login/:id/decision',
    ]);
  });
});

/** Read from the metadata of all controllers, so that none is left out. */
function routesOf(app: INestApplication): readonly Route[] {
  const reflector = app.get(Reflector);
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ instance, metatype }) => {
      const controller = instance as Readonly<Record<string, () => unknown>>;
      const controllerClass = metatype as () => unknown;
      const prefix = reflector.get<string>('path', controllerClass);
      return new MetadataScanner().getAllMethodNames(controller).flatMap((name) => {
        const handler = controller[name];
        if (handler === undefined) return [];
        const path = reflector.get<string | undefined>('path', handler);
        if (path === undefined) return [];
        const method = RequestMethod[reflector.get<RequestMethod>('method', handler)];
        const exempt: unknown = reflector.getAllAndOverride(PopExempt, [handler, controllerClass]);
        return {
          method: method === 'ALL' ? 'GET' : method,
          path: `/${prefix}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
          exempt: exempt === true,
        };
      });
    });
}
