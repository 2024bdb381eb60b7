import { escapeHtml } from '../endpoint/escape-html.js';
import { pageFields } from '../endpoint/page-fields.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import { randomBase64url } from '../server/secrets.js';

/**
 * A page that posts an authorization response to the client by itself. OAuth 2.0 Form Post Response
 * Mode §2, AS-16.
 *
 * Its policy lets one script run, by a nonce, and leaves `form-action` out: Chromium applies it to
 * redirects that answer the form too, and where a client sends its user then is the client's business.
 */
export function formPostAnswer(
  redirectUri: string,
  pairs: readonly (readonly [name: string, value: string])[],
): EndpointAnswer {
  const nonce = randomBase64url(16);
  const fields = pairs
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('\n');
  return {
    status: 200,
    headers: pageFields([`script-src 'nonce-${nonce}'`]),
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Back to the application</title></head>
<body>
<form method="post" action="${escapeHtml(redirectUri)}">
${fields}
<noscript><button type="submit">Continue</button></noscript>
</form>
<script nonce="${nonce}">document.forms[0].submit();</script>
</body>
</html>
`,
  };
}
