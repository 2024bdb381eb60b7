export { fastifyPop, verifiedPop } from './fastify-pop.js';
export { popCorsHeaders } from '../resource-server/cors-headers.js';
export type { PopOptions } from '../resource-server/pop-options.schema.js';
