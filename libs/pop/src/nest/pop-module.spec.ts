import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@keybound/core';
import {
  accessToken,
  clientKey,
  dpopProof,
  hash,
  jkt,
  jwkBoundToken,
  RecordedAudit,
  scene,
  sceneOptions,
  signedRequest,
} from '@keybound/testing';
import {
  Body,
  Controller,
  Get,
  Module,
  Post,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard, PassportModule } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UseGuards } from '@nestjs/common';
import { baseline, type PopOptions } from '../resource-server/pop-options.schema.js';
import { PopAuthStrategy } from './passport/index.js';
import { PopExempt, PopGuard, PopModule, PopProtected, VerifiedPop } from './index.js';

@PopProtected({ scopes: ['orders:read'] })
@Controller('orders')
class OrdersController {
  @Get()
  list(@VerifiedPop() pop: VerifiedPop) {
    return { subject: pop.subject, method: pop.method, thumbprint: pop.thumbprint };
  }

  @Get('all')
  @PopProtected({ scopes: ['orders:admin'] })
  all() {
    return 'everything';
  }

  @Get('signed')
  @PopProtected({ methods: ['signed-http-request'] })
  signed() {
    return 'signed';
  }

  @Get('help')
  @PopExempt()
  help() {
    return 'how to order';
  }

  @Post()
  @PopProtected({ covers: ['body'] })
  create(@Body() body: unknown, @VerifiedPop() pop: VerifiedPop) {
    return { body, covered: pop.covered.b };
  }
}

@Controller('public')
class PublicController {
  @Get()
  hello() {
    return { hello: 'world' };
  }

  @Get('facts')
  facts(@VerifiedPop() pop: VerifiedPop) {
    return pop.subject;
  }
}

@Controller('feature')
class FeatureController {
  @Get()
  @PopProtected()
  feature(@VerifiedPop() pop: VerifiedPop) {
    return pop.subject;
  }
}

/** Imports nothing: the guard comes from the one PopModule of the application. */
@Module({ controllers: [FeatureController] })
class FeatureModule {}

@Module({
  imports: [PopModule.forRoot(sceneOptions()), FeatureModule],
  controllers: [OrdersController, PublicController],
})
class OrdersModule {}

const adapters = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const;

async function start(module: Type, adapter: ExpressAdapter | FastifyAdapter) {
  const built = await Test.createTestingModule({ imports: [module] }).compile();
  const app: INestApplication = built.createNestApplication(adapter as ExpressAdapter);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return { app, base: `http://127.0.0.1:${String(port)}` };
}

/** A perfect DPoP request for a path of the resource. */
async function dpop(path: string, method = 'GET', token?: string) {
  const sent = token ?? (await accessToken());
  const proof = await dpopProof({ htu: `${scene.resource}${path}`, htm: method }, {}, sent);
  return { authorization: `DPoP ${sent}`, dpop: proof };
}

describe.each(adapters)('PopModule on %s', (_name, adapter) => {
  let app: INestApplication;
  let base: string;
  beforeAll(async () => {
    ({ app, base } = await start(OrdersModule, adapter()));
  });
  afterAll(() => app.close());

  it('DPOP-20 RS-42 admits a DPoP request and tells the handler who sent it', async () => {
    const response = await fetch(`${base}/orders`, { headers: await dpop('/orders') });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ subject: 'alice', method: 'dpop', thumbprint: jkt });
  });

  it('DPOP-13 refuses the same proof a second time', async () => {
    const headers = await dpop('/orders');
    expect((await fetch(`${base}/orders`, { headers })).status).toBe(200);
    const replayed = await fetch(`${base}/orders`, { headers });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get('www-authenticate')).toContain('DPoP error="invalid_dpop_proof"');
    expect(replayed.headers.get('cache-control')).toBe('no-store');
    expect(await replayed.json()).toEqual({ error: 'invalid_dpop_proof' });
  });

  it('RS-02 offers PoP, then DPoP, without an error where nothing was presented', async () => {
    const response = await fetch(`${base}/orders`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `PoP algs="${baseline.signedHttpRequest.algorithms.join(' ')}", scope="orders:read", realm="${scene.resource}", ` +
        `DPoP algs="${baseline.dpop.algorithms.join(' ')}", scope="orders:read"`,
    );
  });

  it('RS-41 answers 403 with the scope that a route demands, and spends nothing', async () => {
    const headers = await dpop('/orders/all');
    const response = await fetch(`${base}/orders/all`, { headers });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      /DPoP error="insufficient_scope", algs="[^"]+", scope="orders:admin"/,
    );
    const token = await accessToken({ scope: 'orders:admin' });
    const proof = await dpopProof({ htu: `${scene.resource}/orders/all` }, {}, token);
    const admitted = await fetch(`${base}/orders/all`, {
      headers: { authorization: `DPoP ${token}`, dpop: proof },
    });
    expect(admitted.status).toBe(200);
  });

  it('RS-42 refuses a method that the route does not admit, and offers the one it does', async () => {
    const response = await fetch(`${base}/orders/signed`, {
      headers: await dpop('/orders/signed'),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^PoP error="invalid_token"/);
    expect(response.headers.get('www-authenticate')).not.toContain('DPoP');
  });

  it('SHR-12 verifies the content as sent, and leaves it to the body parser', async () => {
    const sent = { item: 'tea', notes: 'ä'.repeat(40_000) };
    const body = JSON.stringify(sent);
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(body) });
    const response = await fetch(`${base}/orders`, {
      method: 'POST',
      headers: { authorization: `PoP ${shr}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ body: sent, covered: true });
  });

  it('SHR-12 refuses content that was changed on the way', async () => {
    const shr = await signedRequest(await jwkBoundToken(), {
      m: 'POST',
      b: hash('{"item":"tea"}'),
    });
    const response = await fetch(`${base}/orders`, {
      method: 'POST',
      headers: { authorization: `PoP ${shr}`, 'content-type': 'application/json' },
      body: '{"item":"tee"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^PoP error="invalid_token"/);
  });

  it('SHR-14 refuses a request whose content a route wants covered and which has no b', async () => {
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST' });
    const response = await fetch(`${base}/orders`, {
      method: 'POST',
      headers: { authorization: `PoP ${shr}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(401);
  });

  it('answers 413 to more signed content than it would hash', async () => {
    const body = JSON.stringify('x'.repeat(1_100_000));
    const shr = await signedRequest(await jwkBoundToken(), { m: 'POST', b: hash(body) });
    const response = await fetch(`${base}/orders`, {
      method: 'POST',
      headers: { authorization: `PoP ${shr}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(413);
  });

  it('protects the routes of a module that imports nothing', async () => {
    expect((await fetch(`${base}/feature`)).status).toBe(401);
    const admitted = await fetch(`${base}/feature`, { headers: await dpop('/feature') });
    expect(admitted.status).toBe(200);
  });

  it('lets a handler be exempt from what its class demands', async () => {
    expect((await fetch(`${base}/orders/help`)).status).toBe(200);
  });

  it('leaves a route without a mark alone, where nobody guards the whole application', async () => {
    expect((await fetch(`${base}/public`)).status).toBe(200);
  });

  it('fails loudly where a handler asks for facts that nobody verified', async () => {
    expect((await fetch(`${base}/public/facts`)).status).toBe(500);
  });
});

@Controller()
class MixedController {
  @Get('unmarked')
  unmarked() {
    return 'unmarked';
  }

  @PopExempt()
  @Get('open')
  open() {
    return 'open';
  }
}

@Module({
  imports: [PopModule.forRootAsync({ useFactory: () => Promise.resolve(sceneOptions()) })],
  controllers: [MixedController],
  providers: [{ provide: APP_GUARD, useExisting: PopGuard }],
})
class DefaultDenyModule {}

describe('PopGuard over the whole application', () => {
  it('THR-83 refuses a route that carries no mark, and lets an exempt one pass', async () => {
    const { app, base } = await start(DefaultDenyModule, new ExpressAdapter());
    expect((await fetch(`${base}/unmarked`)).status).toBe(401);
    expect((await fetch(`${base}/open`)).status).toBe(200);
    expect((await fetch(`${base}/unmarked`, { headers: await dpop('/unmarked') })).status).toBe(
      200,
    );
    await app.close();
  });
});

@Controller('passport')
class PassportController {
  @Get()
  @UseGuards(AuthGuard('pop'))
  facts(@VerifiedPop() pop: VerifiedPop) {
    return { subject: pop.subject };
  }
}

@Module({
  imports: [PopModule.forRoot(sceneOptions()), PassportModule],
  controllers: [PassportController],
  providers: [PopAuthStrategy],
})
class PassportedModule {}

describe("AuthGuard('pop')", () => {
  it('admits and refuses like the guard, challenge included', async () => {
    const { app, base } = await start(PassportedModule, new ExpressAdapter());
    const admitted = await fetch(`${base}/passport`, { headers: await dpop('/passport') });
    expect(await admitted.json()).toEqual({ subject: 'alice' });
    const refused = await fetch(`${base}/passport`, {
      headers: { authorization: `Bearer ${await accessToken()}` },
    });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('DPoP error="invalid_token"');
    expect(await refused.json()).toEqual({ error: 'invalid_token' });
    await app.close();
  });
});

describe('a misconfiguration', () => {
  const starting = (own: Partial<PopOptions>) =>
    Test.createTestingModule({ imports: [PopModule.forRoot(sceneOptions(own))] }).compile();

  it.each([
    ['no issuer', { issuers: [] }, /issuers/],
    ['a base URL that is none', { publicBaseUrl: 'api.example.com' }, /publicBaseUrl/],
    ['no source of the public URL', { publicBaseUrl: undefined }, /publicBaseUrl or forwarded/],
    ['a misspelt option', { enforcment: 'report' }, /enforcment/],
    ['a short nonce secret', { nonces: { mode: 'required', secrets: ['short'] } }, /nonces/],
    ['an empty key set', { issuers: [{ issuer: scene.issuer, jwks: { keys: [] } }] }, /issuers/],
    ['no algorithm', { dpop: { ...baseline.dpop, algorithms: [] } }, /dpop/],
  ])('INV-9 stops the start: %s', async (_what, own, message) => {
    const failure = starting(own as Partial<PopOptions>);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('THR-84 lists everything that production does not allow', async () => {
    await expect(
      starting({
        deployment: 'production',
        explain: true,
        publicBaseUrl: 'http://api.example.com',
      }),
    ).rejects.toThrow(/explain[^]*one process[^]*https/);
  });

  it('is found in a decorator when the class is loaded', () => {
    class Misspelt {
      readonly route = 'orders';
    }
    const decorate = PopProtected({ methods: ['dpopp' as 'dpop'] });
    expect(() => {
      decorate(Misspelt);
    }).toThrow(ConfigurationError);
  });
});

describe("enforcement: 'report'", () => {
  it('lets a valid token pass without its proof, and says what would have been refused', async () => {
    const audit = new RecordedAudit();

    @Controller('reported')
    class ReportedController {
      @Get()
      @PopProtected()
      facts(@VerifiedPop() pop: VerifiedPop) {
        return {
          subject: pop.subject,
          method: pop.method ?? null,
          code: pop.refusal?.code ?? null,
        };
      }
    }

    @Module({
      imports: [PopModule.forRoot(sceneOptions({ enforcement: 'report', audit }))],
      controllers: [ReportedController],
    })
    class ReportModule {}

    const { app, base } = await start(ReportModule, new ExpressAdapter());
    const get = async (headers: Record<string, string>) => {
      const response = await fetch(`${base}/reported`, { headers });
      return { status: response.status, body: await response.json() };
    };
    const token = await accessToken();
    const unbound = await accessToken({ cnf: undefined });
    const expectation = (code: string | null, method: string | null = null) => ({
      status: 200,
      body: { subject: 'alice', method, code },
    });
    expect(await get({ authorization: `Bearer ${token}` })).toEqual(expectation('cnf.unproven'));
    expect(await get({ authorization: `Bearer ${unbound}` })).toEqual(expectation('cnf.absent'));
    expect(await get({ authorization: `DPoP ${token}` })).toEqual(expectation('dpop.missing'));
    expect(await get(await dpop('/reported'))).toEqual(expectation(null, 'dpop'));
    const foreign = await accessToken({}, { key: clientKey });
    expect((await get({ authorization: `Bearer ${foreign}` })).status).toBe(401);
    expect((await get({})).status).toBe(401);
    expect(audit.events.map(({ kind, code }) => `${kind} ${code}`)).toEqual([
      'reported cnf.unproven',
      'reported cnf.absent',
      'reported dpop.missing',
      'refused token.signature',
      'refused credentials.none',
    ]);
    await app.close();
  });
});
