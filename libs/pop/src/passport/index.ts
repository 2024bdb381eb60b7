export { PopStrategy, type PopStrategyOptions } from './pop-strategy.js';
export { buildPopResource } from '../resource-server/build-pop-resource.js';
export type { PopOptions } from '../resource-server/pop-options.schema.js';
export type { PopResource } from '../resource-server/pop-resource.js';
export type { VerifiedPop } from '../resource-server/verified-pop.js';
