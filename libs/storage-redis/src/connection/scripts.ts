import { count } from '../counters/count-script.js';
import { claim } from '../replay/claim-script.js';
import { memorySince } from '../replay/memory-script.js';
import {
  endSession,
  findSession,
  startSession,
  touchSession,
} from '../sessions/session-scripts.js';

/** All that is asked of the server, but for its own description and to forget a counter. */
export const scripts = {
  claim,
  memorySince,
  count,
  startSession,
  findSession,
  touchSession,
  endSession,
};
