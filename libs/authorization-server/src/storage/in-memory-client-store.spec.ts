import { describeClientStore } from '@keybound/testing';
import { InMemoryClientStore } from './in-memory-client-store.js';

describeClientStore('InMemoryClientStore', () => new InMemoryClientStore());
