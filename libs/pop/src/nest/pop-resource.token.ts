import type { PopResource as PopResourcePort } from '../resource-server/pop-resource.js';

/** Token of the protected resource that `PopModule` built. */
export const PopResource = Symbol('PopResource');
export type PopResource = PopResourcePort;
