import { Html, html } from './html.js';

/** What a controller or a filter sends, on either adapter. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const styleSheet = new Html(`
body { margin: 0; background: #f3f4f6; color: #111827; font: 1rem/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; max-width: 27rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: .5rem; overflow-wrap: anywhere; }
h1 { margin-top: 0; font-size: 1.4rem; line-height: 1.3; }
a { color: #1d4ed8; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input[type=text], input[type=password] { box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .5rem; border: 1px solid #6b7280; border-radius: .25rem; font: inherit; }
button { padding: .5rem 1.25rem; border: 1px solid #1d4ed8; border-radius: .25rem; background: #1d4ed8; color: #fff; font: inherit; cursor: pointer; }
button.second { background: #fff; color: #1d4ed8; }
:focus-visible { outline: 3px solid #93c5fd; outline-offset: 1px; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 0; }
.asked { margin: 1rem 0; padding: 0; list-style: none; }
.asked li { display: flex; gap: 1rem; padding: .5rem 0; border-top: 1px solid #e5e7eb; }
.asked span { flex: 1; }
.asked label { margin: 0; color: #4b5563; font-weight: 400; white-space: nowrap; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; font-size: .9rem; }
[role=alert] { padding: .75rem; border-left: .25rem solid #b91c1c; background: #fef2f2; }
.warning { padding: .75rem; border-left: .25rem solid #b45309; background: #fffbeb; }
@media (max-width: 30rem) { main { margin: 0; padding: 1.25rem; border-radius: 0; } }
`);

/**
 * A page for a person. AS-16, THR-39, THR-79, THR-86.
 *
 * Its policy has no `form-action`, on purpose. Chromium applies that to every redirect which follows a
 * form: to the client's redirect URI, and on to wherever an identity broker sends its user from there,
 * which this server cannot know. Instead nothing that came from outside gets here unescaped.
 */
export function page(status: number, title: string, content: Html): Answer {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const { markup } = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <style nonce="${nonce}">
        ${styleSheet}
      </style>
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        ${content}
      </main>
    </body>
  </html> `;
  return {
    status,
    headers: [
      ...unkept,
      ['content-type', 'text/html; charset=utf-8'],
      ['content-security-policy', policy.join('; ')],
      ['x-frame-options', 'DENY'],
      ['x-content-type-options', 'nosniff'],
    ],
    body: `<!doctype html>\n${markup}`,
  };
}

/** 303 and no other: a form with a password in it must not be sent on. AS-15. */
export function seeOther(location: string): Answer {
  return { status: 303, headers: [...unkept, ['location', location]], body: '' };
}

const unkept = [
  ['cache-control', 'no-store'],
  ['referrer-policy', 'no-referrer'],
] as const;
