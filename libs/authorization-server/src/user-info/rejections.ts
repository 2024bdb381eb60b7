import { rejections } from '@keybound/core';
import { userInfoRequirements } from './requirements.js';

export const reject = rejections(
  {
    'user_info.no_user': 'invalid_token',
    'user_info.client_gone': 'invalid_token',
    'user_info.user_gone': 'invalid_token',
  },
  userInfoRequirements,
);
