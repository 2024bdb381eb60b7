import { describeGrantStore } from '@keybound/testing';
import { InMemoryGrantStore } from './in-memory-grant-store.js';

describeGrantStore('InMemoryGrantStore', () => new InMemoryGrantStore());
