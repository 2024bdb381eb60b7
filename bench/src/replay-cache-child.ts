import { measureReplayCache } from './replay-cache.js';

process.send?.(await measureReplayCache());
