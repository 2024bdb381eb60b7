import { rejections } from '@keybound/core';
import { interactionRequirements } from './requirements.js';

export const reject = rejections(
  {
    // Told on a page.
    'interaction.unknown': 'invalid_request',
    'interaction.answered': 'invalid_request',
    'interaction.browser': 'invalid_request',
    'interaction.csrf': 'forbidden',
    'interaction.stale': 'invalid_request',
    'interaction.ticket': 'invalid_request',
    'interaction.client': 'invalid_request',
    'interaction.finished': 'invalid_request',
    'interaction.request_used': 'invalid_request_uri',
    // Told to the client.
    'interaction.denied': 'access_denied',
    'interaction.login_required': 'login_required',
    'interaction.consent_required': 'consent_required',
    'interaction.account_selection_required': 'account_selection_required',
    'interaction.required': 'interaction_required',
    'interaction.acr': 'unmet_authentication_requirements',
  },
  interactionRequirements,
);
