/** The scopes of this app, each with the claims that it releases. OpenID Connect Core §5.4. */
export const scopes = {
  profile: [
    'name',
    'given_name',
    'family_name',
    'preferred_username',
    'picture',
    'website',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
  read: [],
  write: [],
};

/** What the API's own scopes are. Nobody in this app is given `admin`. */
export const scopesOfApi: readonly string[] = ['read', 'write', 'admin'];
