import { rejections } from '@keybound/core';
import { serverRequirements } from './requirements.js';

export const reject = rejections({ 'client.unknown': 'invalid_client' }, serverRequirements);
