import type { StorePlace } from '../stores/store-place.js';
import { fillStore } from './fill-store.js';

/** Fills the place that it is told, in a process whose memory nobody measures. */
const { place, size } = JSON.parse(process.argv[2] ?? '') as { place: StorePlace; size: number };
await fillStore(place, size);
process.send?.('filled');
