import { PopProtected, VerifiedPop } from '@keybound/pop/nest';
import { Controller, Get } from '@nestjs/common';

/** For those with the scope `admin`. */
@Controller('api/admin')
export class AdminController {
  @Get()
  @PopProtected({ scopes: ['admin'] })
  admin(@VerifiedPop() pop: VerifiedPop) {
    return { sub: pop.subject, scopes: [...pop.scopes] };
  }
}
