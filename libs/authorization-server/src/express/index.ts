export { authorizationServer } from './authorization-server.js';
export { handleNodeRequest, isForServer, type RoutedMessage } from './handle-node-request.js';
