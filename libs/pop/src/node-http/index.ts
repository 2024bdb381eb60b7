export { admitRequest } from './admit-request.js';
export { nodeRequestView } from './node-request-view.js';
export { captureAtServer, contentOf, teeContent } from './request-content.js';
export { groupFields, sendErrorResponse, setFields } from './send-response.js';
export { rememberVerifiedPop, verifiedPopOf } from '../resource-server/verified-pop-of.js';
