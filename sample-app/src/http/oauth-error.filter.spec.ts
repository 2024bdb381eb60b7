import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  ForbiddenException,
  Get,
  Res,
  ServiceUnavailableException,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { ServerResponse } from 'node:http';
import { OAuthErrorFilter } from './oauth-error.filter.js';

@Controller()
class FailingController {
  @Get('bug')
  bug() {
    throw new Error('SELECT secret');
  }

  @Get('upstream')
  upstream() {
    throw Object.assign(new Error('secret'), { status: 404 });
  }

  @Get('forbidden')
  forbidden(@Res({ passthrough: true }) response: ServerResponse) {
    response.setHeader('www-authenticate', 'DPoP').setHeader('dpop-nonce', 'n-1');
    throw new ForbiddenException('secret');
  }

  @Get('down')
  down(@Res({ passthrough: true }) response: ServerResponse) {
    response.setHeader('retry-after', '1');
    throw new ServiceUnavailableException('secret');
  }
}

describe('OAuthErrorFilter', () => {
  let app: INestApplication;
  let address: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      controllers: [FailingController],
      providers: [{ provide: APP_FILTER, useClass: OAuthErrorFilter }],
    }).compile();
    app = module.createNestApplication();
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
  });
  afterAll(() => app.close());

  it.each([
    ['/bug', 500, 'server_error'],
    ['/upstream', 500, 'server_error'],
    ['/forbidden', 403, 'invalid_request'],
    ['/down', 503, 'temporarily_unavailable'],
    ['/nowhere', 404, 'not_found'],
  ])('INV-4 tells no more than a code: %s', async (path, status, error) => {
    const answer = await fetch(address + path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ error });
  });

  it('THR-83 keeps the fields that are on the response already', async () => {
    const { headers: forbidden } = await fetch(`${address}/forbidden`);
    expect(forbidden.get('www-authenticate')).toBe('DPoP');
    expect(forbidden.get('dpop-nonce')).toBe('n-1');
    const { headers: down } = await fetch(`${address}/down`);
    expect(down.get('retry-after')).toBe('1');
  });
});
