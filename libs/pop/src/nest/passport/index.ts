export { PopAuthStrategy } from './pop-auth.strategy.js';
