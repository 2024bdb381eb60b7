export { AuthorizationServerModule } from './authorization-server.module.js';
export { AuthorizationServer } from './authorization-server.token.js';
export { elsewhere } from '../extension/interaction.js';
export type { AuthorizationServerOptions } from '../server/options.schema.js';
