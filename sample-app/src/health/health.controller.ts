import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Readiness } from './readiness.js';

/** For whoever keeps the process running, and for whoever sends it requests. */
@Controller()
@PopExempt()
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** Asks nothing: a process is not restarted because its database is. */
  @Get('healthz')
  @Header('cache-control', 'no-store')
  live() {
    return { status: 'ok' };
  }

  /** Tells who is away to the operator alone. */
  @Get('readyz')
  @Header('cache-control', 'no-store')
  async ready() {
    await this.readiness.check();
    return { status: 'ok' };
  }
}
