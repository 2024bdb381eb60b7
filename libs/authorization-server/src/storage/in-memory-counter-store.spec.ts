import { describeCounterStore } from '@keybound/testing';
import { InMemoryCounterStore } from './in-memory-counter-store.js';

describeCounterStore('InMemoryCounterStore', () => new InMemoryCounterStore());
