import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get, Inject, UseInterceptors } from '@nestjs/common';
import type { Answer } from '../login/page.js';
import { PageInterceptor } from '../login/page.interceptor.js';
import { Settings } from '../settings/settings.js';
import { homePage } from './home-page.js';

/** The front door. */
@Controller()
@PopExempt()
@UseInterceptors(PageInterceptor)
export class HomeController {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  @Get()
  show(): Answer {
    return homePage(this.settings.issuer);
  }
}
