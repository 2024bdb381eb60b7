export { overridePop } from './override-pop.js';
