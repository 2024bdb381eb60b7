import { VerifiedPop } from '@keybound/pop/nest';
import { All, Controller, HttpCode } from '@nestjs/common';

/** Tells the sender who it is, and by which key. */
@Controller('api/whoami')
export class WhoamiController {
  @All()
  @HttpCode(200)
  whoami(@VerifiedPop() pop: VerifiedPop) {
    return {
      sub: pop.subject,
      client_id: pop.clientId,
      cnf: pop.claims['cnf'],
      method: pop.method,
    };
  }
}
