import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get } from '@nestjs/common';

/** For whoever keeps the process running. */
@Controller()
@PopExempt()
export class HealthController {
  @Get('healthz')
  live() {
    return { status: 'ok' };
  }

  /** All stores are in this process, and the keys of issuers are fetched when first needed. */
  @Get('readyz')
  ready() {
    return { status: 'ok' };
  }
}
