export { popContentCapture, popProtected, verifiedPop } from './pop-protected.js';
export { buildPopResource } from '../resource-server/build-pop-resource.js';
export { popCorsHeaders } from '../resource-server/cors-headers.js';
export type { PopOptions } from '../resource-server/pop-options.schema.js';
export type { PopResource } from '../resource-server/pop-resource.js';
