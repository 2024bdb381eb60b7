import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authorizationServerPlugIn, ConfigurationError } from '@keybound/core';
import {
  authorizationServerOptions,
  RecordedAudit,
  testEndpoint,
  testPlugIn,
} from '@keybound/testing';
import {
  Body,
  Controller,
  Inject,
  Injectable,
  Module,
  Post,
  type CanActivate,
  type INestApplication,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { raw } from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthorizationServerPlugIn } from '../extension/plug-in.js';
import {
  AuthorizationServer,
  AuthorizationServerModule,
  type AuthorizationServerOptions,
} from './index.js';

const adapters = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const;

@Injectable()
class FormPlugIn implements AuthorizationServerPlugIn {
  readonly [authorizationServerPlugIn] = true;
  readonly name = 'form';

  extend() {
    return {
      endpoints: [
        testEndpoint(),
        testEndpoint({ name: 'get', path: '/get', methods: ['GET'], cors: 'none' }),
      ],
    };
  }
}

const jsonPlugIn = testPlugIn('json', {
  endpoints: [testEndpoint({ name: 'json', path: '/json', content: 'json' })],
});

/** Knows nothing of the authorization server but its token. */
@Injectable()
class HostService {
  readonly issuer: string;

  constructor(@Inject(AuthorizationServer) readonly server: AuthorizationServer) {
    this.issuer = server.issuer;
  }
}

@Controller('test')
class HostController {
  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }
}

class DenyEverything implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

/** Plug-ins live in modules of their own, as they do in an application. */
@Module({ providers: [FormPlugIn] })
class FormModule {}

@Module({ providers: [{ provide: 'json', useValue: jsonPlugIn }] })
class JsonModule {}

interface Start {
  readonly options?: Partial<AuthorizationServerOptions>;
  readonly providers?: readonly Provider[];
  readonly configure?: (app: INestApplication) => void;
}

async function start(
  adapter: ExpressAdapter | FastifyAdapter,
  { options = {}, providers = [], configure = () => undefined }: Start = {},
) {
  const audit = new RecordedAudit();
  const built = await Test.createTestingModule({
    imports: [
      FormModule,
      JsonModule,
      AuthorizationServerModule.forRootAsync({
        useFactory: () => authorizationServerOptions({ audit, ...options }),
      }),
    ],
    controllers: [HostController],
    providers: [HostService, ...providers],
  }).compile();
  const app: INestApplication = built.createNestApplication(adapter as ExpressAdapter);
  app.useLogger(false);
  configure(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return { app, audit, base: `http://127.0.0.1:${String(port)}` };
}

const form = 'application/x-www-form-urlencoded';

function post(url: string, type: string, body: string, own: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', headers: { 'content-type': type, ...own }, body });
}

describe.each(adapters)('AuthorizationServerModule on %s', (name, adapter) => {
  let app: INestApplication;
  let base: string;
  let audit: RecordedAudit;
  beforeAll(async () => {
    ({ app, audit, base } = await start(adapter()));
  });
  afterAll(() => app.close());

  it('AS-275 THR-35 sees what a form holds although Nest parses bodies', async () => {
    const response = await post(`${base}/test`, form, 'a=1&a=2&b[c]=3&d=%C3%A9+x');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      url: 'https://as.example.com/test',
      parameters: [
        ['a', ['1', '2']],
        ['b[c]', ['3']],
        ['d', ['é x']],
      ],
    });
  });

  it('AS-275 reads JSON, of a second plug-in', async () => {
    const response = await post(`${base}/json`, 'application/json', '{"a":[1]}');
    expect(await response.json()).toMatchObject({ json: { a: [1] } });
  });

  it.each([
    ['JSON for a form', '/test', 'application/json', '{}', 400],
    ['broken JSON for a form', '/test', 'application/json', '{', 400],
    ['broken JSON', '/json', 'application/json', '{"a":', 400],
    ['a member twice', '/json', 'application/json', '{"a":1,"a":2}', 400],
    ['UTF-16', '/test', `${form}; charset=utf-16`, 'a=1', 400],
    ['an unknown charset', '/json', 'application/json; charset=x-none', '{}', 400],
    ['text', '/test', 'text/plain', 'a=1', 400],
    ['65 KiB', '/test', form, `a=${'x'.repeat(66_558)}`, 413],
    ['2 MiB', '/test', form, `a=${'x'.repeat(2_097_152)}`, 413],
    ['2 MiB of JSON', '/json', 'application/json', `{"a":"${'x'.repeat(2_097_152)}"}`, 413],
    ['101 parameters', '/test', form, 'a&'.repeat(101), 400],
    ['2,000 parameters', '/test', form, 'a=1&'.repeat(2_000), 400],
  ])(
    'AS-274 AS-275 THR-38 INV-4 refuses %s in its own words, not those of a parser',
    async (_what, path, type, body, status) => {
      audit.events.length = 0;
      const response = await post(base + path, type, body);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status,
        body: { error: 'invalid_request' },
      });
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(audit.events).toHaveLength(1);
    },
  );

  it('THR-37 refuses what is compressed, whatever it inflates to', async () => {
    const response = await post(`${base}/test`, form, 'a=1', { 'content-encoding': 'gzip' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'invalid_request' });
  });

  it('AS-275 reads what came in pieces, without a length', async () => {
    const pieces = ['a=1', '&b=', '2'].map((piece) => new TextEncoder().encode(piece));
    const body = ReadableStream.from(pieces);
    const response = await fetch(`${base}/test`, {
      method: 'POST',
      headers: { 'content-type': form },
      body,
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({
      parameters: [
        ['a', ['1']],
        ['b', ['2']],
      ],
    });
  });

  it('AS-30 THR-36 answers 405 and names the methods', async () => {
    const response = await fetch(`${base}/test`, { method: 'PUT', body: 'a=1' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('AS-202 lets all other paths pass, with their content parsed as ever', async () => {
    const response = await post(`${base}/test/echo`, 'application/json', '{"a":1}');
    expect(await response.json()).toEqual({ body: { a: 1 } });
    expect((await fetch(`${base}/nowhere`)).status).toBe(404);
    expect((await fetch(`${base}/TEST`, { method: 'POST' })).status).toBe(404);
  });

  it('AS-201 takes nothing from the Host field', async () => {
    const response = await post(`${base}/test`, form, 'a=1', {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    });
    expect(await response.json()).toMatchObject({ url: 'https://as.example.com/test' });
  });

  it('AS-200 can be injected, and answers once the application has started', async () => {
    const { issuer, server } = app.get(HostService);
    expect(issuer).toBe('https://as.example.com');
    expect(server.owns('/test')).toBe(true);
    const none = await server.keys.find({ algorithm: 'ES256', kid: 'none' });
    expect(none).toEqual({ ok: false, failure: 'unknown key' });
    expect(server.metadata()['issuer']).toBe('https://as.example.com');
  });

  it('THR-83 asks no guard of the application, and closes none of its routes', async () => {
    const guarded = await start(adapter(), {
      providers: [{ provide: APP_GUARD, useClass: DenyEverything }],
    });
    expect((await post(`${guarded.base}/test`, form, 'a=1')).status).toBe(200);
    expect((await post(`${guarded.base}/test/echo`, 'application/json', '{}')).status).toBe(403);
    await guarded.app.close();
  });

  it('AS-202 stays where it says it is below a global prefix', async () => {
    const prefixed = await start(adapter(), {
      configure: (application) => application.setGlobalPrefix('api'),
    });
    expect((await post(`${prefixed.base}/test`, form, 'a=1')).status).toBe(200);
    const echo = await post(`${prefixed.base}/api/test/echo`, 'application/json', '{}');
    expect(echo.status).toBe(201);
    await prefixed.app.close();
  });

  it('AS-202 answers below the path of its issuer', async () => {
    const issuer = 'https://as.example.com/tenant/1';
    const below = await start(adapter(), { options: { issuer } });
    const response = await post(`${below.base}/tenant/1/test`, form, 'a=1');
    expect(await response.json()).toMatchObject({ url: `${issuer}/test` });
    expect((await post(`${below.base}/test`, form, 'a=1')).status).toBe(404);
    await below.app.close();
  });

  it('AS-202 answers behind a proxy that takes the prefix off', async () => {
    const issuer = 'https://as.example.com/auth';
    const behind = await start(adapter(), { options: { issuer, publicBaseUrl: issuer } });
    const response = await post(`${behind.base}/test`, form, 'a=1');
    expect(await response.json()).toMatchObject({ url: `${issuer}/test` });
    await behind.app.close();
  });

  it('AS-01 AS-79 THR-77 decides by itself which origins read its answers', async () => {
    const cors = { origin: true, credentials: true };
    const open = await start(adapter(), {
      configure: (application) => {
        application.enableCors(cors);
      },
    });
    const origin = { origin: 'https://evil.example' };
    const token = await post(`${open.base}/test`, form, 'a=1', origin);
    expect(token.headers.get('access-control-allow-origin')).toBe('*');
    expect(token.headers.get('access-control-allow-credentials')).toBeNull();
    const closed = await fetch(`${open.base}/get`, { headers: origin });
    expect(closed.status).toBe(200);
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
    expect(closed.headers.get('access-control-allow-credentials')).toBeNull();
    await open.app.close();
  });

  it('THR-92 THR-76 INV-4 survives a fault of the host, and tells nobody what it was', async () => {
    const broken = testEndpoint({
      name: 'broken',
      path: '/broken',
      handle: () => Promise.reject(new Error('connect ECONNREFUSED users-db:5432')),
    });
    const faulty = await start(adapter(), {
      providers: [{ provide: 'broken', useValue: testPlugIn('broken', { endpoints: [broken] }) }],
    });
    const signal = AbortSignal.timeout(30_000);
    const response = await fetch(`${faulty.base}/broken`, { method: 'POST', signal });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/ECONNREFUSED|5432/);
    expect((await post(`${faulty.base}/test`, form, 'a=1')).status).toBe(200);
    await faulty.app.close();
  });

  it('AS-182 INV-9 refuses to start with two plug-ins that add the same', async () => {
    const twice = {
      provide: 'other',
      useValue: testPlugIn('other', { endpoints: [testEndpoint()] }),
    };
    const started = start(adapter(), { providers: [twice] });
    await expect(started).rejects.toThrow(ConfigurationError);
    await expect(started).rejects.toThrow(
      /"(?:form|other)" and "(?:form|other)" both add the endpoint "test"/,
    );
  });

  it('AS-182 takes one plug-in under two tokens for one', async () => {
    const plugIn = testPlugIn('third', {
      endpoints: [testEndpoint({ name: 'third', path: '/third' })],
    });
    const providers = [
      { provide: 'third', useValue: plugIn },
      { provide: 'alias', useExisting: 'third' },
    ];
    const aliased = await start(adapter(), { providers });
    expect((await post(`${aliased.base}/third`, form, 'a=1')).status).toBe(200);
    await aliased.app.close();
  });

  it('AS-201 INV-9 refuses to start with options that make no sense', async () => {
    const started = start(adapter(), { options: { issuer: 'http://as.example.com' } });
    await expect(started).rejects.toThrow(ConfigurationError);
  });

  if (name === 'Express') {
    it('AS-275 reads content that a parser of the application has taken', async () => {
      const greedy = await start(adapter(), {
        configure: (application) => application.use(raw({ type: () => true })),
      });
      const response = await post(`${greedy.base}/test`, form, 'a=1&a=2');
      expect(await response.json()).toMatchObject({ parameters: [['a', ['1', '2']]] });
      await greedy.app.close();
    });
  }
});

describe('the authorization server before the application has started', () => {
  it('INV-9 answers nothing', async () => {
    const built = await Test.createTestingModule({
      imports: [AuthorizationServerModule.forRoot(await authorizationServerOptions())],
    }).compile();
    const server = built.get<AuthorizationServer>(AuthorizationServer);
    expect(server.issuer).toBe('https://as.example.com');
    expect(() => server.owns('/token')).toThrow('before the application had started');
    await built.init();
    expect(server.owns('/nowhere')).toBe(false);
  });
});
