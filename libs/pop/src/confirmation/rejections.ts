import { rejections } from '@keybound/core';
import { confirmationRequirements } from './requirements.js';

export const reject = rejections(
  {
    'cnf.absent': 'invalid_token',
    'cnf.form': 'invalid_token',
    'cnf.several_keys': 'invalid_token',
    'cnf.key': 'invalid_token',
    'cnf.key_set': 'invalid_token',
    'cnf.unknown': 'invalid_token',
    'cnf.unproven': 'invalid_token',
    'cnf.method': 'invalid_token',
  },
  confirmationRequirements,
);
