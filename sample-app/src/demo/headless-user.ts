/** What a person types, and clicks. */
export interface HeadlessLogin {
  readonly username: string;
  readonly password: string;
  /** Default `allow`. */
  readonly decision?: 'allow' | 'deny';
}

const maxPages = 12;

/** A browser without a window: keeps cookies, follows redirects, and fills in forms. */
export class HeadlessUser {
  readonly #cookies = new Map<string, string>();
  /** Every page and redirect on the way, for those who look on. */
  readonly visited: { readonly status: number; readonly url: string }[] = [];

  constructor(
    private readonly login: HeadlessLogin,
    private readonly send: typeof fetch = fetch,
  ) {}

  /**
   * Goes where a client sends it, logs in, decides, and stops where the client's redirect URI begins.
   *
   * @throws Error where it gets stuck on a page, with the page's text.
   */
  async authorize(url: URL | string, redirectUri: string): Promise<URL> {
    let response = await this.#request(new URL(url));
    for (let page = 0; page < maxPages; page += 1) {
      const location = response.headers.get('location');
      if (location !== null) {
        const next = new URL(location, response.url);
        if (next.href.startsWith(redirectUri)) return next;
        response = await this.#request(next);
      } else {
        response = await this.#fillIn(response);
      }
    }
    throw new Error('There are too many pages.');
  }

  /** Opens a page, and stays there. */
  open(url: URL): Promise<Response> {
    return this.#request(url);
  }

  /** One request with this browser's cookies. */
  async #request(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await this.send(url, { ...init, headers, redirect: 'manual' });
    this.visited.push({ status: response.status, url: url.href });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const over = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
    if (over) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(at + 1).trim());
  }

  #fillIn(response: Response): Promise<Response> {
    return response.text().then((html) => {
      const form = /<form\b[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0];
      if (response.status >= 400 || form === undefined) {
        throw new Error(`Stuck at ${response.url}, ${response.status}: ${textOf(html)}`);
      }
      const fields = new URLSearchParams(hiddenFieldsOf(form));
      if (/\btype="password"/i.test(form)) {
        fields.set('username', this.login.username);
        fields.set('password', this.login.password);
      } else {
        fields.set('decision', this.login.decision ?? 'allow');
      }
      const action = attributeOf(/<form\b[^>]*>/i.exec(form)?.[0] ?? '', 'action') ?? '';
      const url = new URL(action === '' ? response.url : action, response.url);
      return this.#request(url, { method: 'POST', body: fields });
    });
  }
}

function hiddenFieldsOf(form: string): [string, string][] {
  return [...form.matchAll(/<input\b[^>]*>/gi)].flatMap(([input]): [string, string][] => {
    const name = attributeOf(input, 'name');
    if (attributeOf(input, 'type') !== 'hidden' || name === undefined) return [];
    return [[name, attributeOf(input, 'value') ?? '']];
  });
}

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

function unescapeHtml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&([a-z0-9#]+);/gi, (whole, name: string) => named[name] ?? whole);
}

function textOf(html: string): string {
  return html
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
