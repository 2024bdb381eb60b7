import { AuthorizationServerModule } from '@keybound/authorization-server/nest';
import { Module, type DynamicModule } from '@nestjs/common';
import type { AuthorizationScenario } from '../authorization/scenario.js';
import type { StorePlace } from '../stores/store-place.js';
import { authorizationOptions } from './authorization-options.js';

/** The authorization server, the same on both platforms. */
@Module({})
export class AuthorizationModule {
  static async of(scenario: AuthorizationScenario, place: StorePlace): Promise<DynamicModule> {
    const options = await authorizationOptions(scenario, place);
    return { module: AuthorizationModule, imports: [AuthorizationServerModule.forRoot(options)] };
  }
}
