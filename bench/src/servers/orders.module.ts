import { PopModule, PopProtected, VerifiedPop } from '@keybound/pop/nest';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import type { Answer, Scenario } from '../scenario.js';
import type { StorePlace } from '../stores/store-place.js';
import { popOptions } from './pop-options.js';

@Controller()
class OrdersController {
  @Get('orders')
  @PopProtected()
  list(@VerifiedPop() pop: VerifiedPop): Answer {
    return { subject: pop.subject };
  }
}

/** One protected handler, the same on both platforms. */
@Module({ controllers: [OrdersController] })
export class OrdersModule {
  static async of(scenario: Scenario, place: StorePlace): Promise<DynamicModule> {
    const options = await popOptions(scenario, place);
    return { module: OrdersModule, imports: [PopModule.forRoot(options)] };
  }
}
