import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** What happened how often, and how long it took, for Prometheus. */
@Controller('metrics')
@PopExempt()
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  show(): Promise<string> {
    return this.metrics.text();
  }
}
