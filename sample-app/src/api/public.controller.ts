import { PopExempt } from '@keybound/pop/nest';
import { Controller, Get } from '@nestjs/common';

/** For everybody. */
@Controller('api/public')
@PopExempt()
export class PublicController {
  @Get()
  greet() {
    return { hello: 'world' };
  }
}
