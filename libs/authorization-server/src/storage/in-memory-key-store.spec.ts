import { describeKeyStore } from '@keybound/testing';
import { InMemoryKeyStore } from './in-memory-key-store.js';

describeKeyStore('InMemoryKeyStore', () => new InMemoryKeyStore());
