import { describeSessionStore } from '@keybound/testing';
import { InMemorySessionStore } from './in-memory-session-store.js';

describeSessionStore('InMemorySessionStore', () => new InMemorySessionStore());
