import { HeadlessUser } from './running-sample-app.js';

/** A browser that keeps what its user was asked. */
export interface SuiteUser {
  readonly user: HeadlessUser;
  /** `password` and `consent`, in the order in which they were asked. */
  readonly asked: string[];
  /** Every page that was shown, as HTML. */
  readonly pages: string[];
  /** Every answer on the way, redirects too. */
  readonly answers: Response[];
}

/** Somebody whom a test watches while they log in and decide. */
export function suiteUser(decision: 'allow' | 'deny' = 'allow', username = 'alice'): SuiteUser {
  const asked: string[] = [];
  const pages: string[] = [];
  const answers: Response[] = [];
  const password = username === 'alice' ? 'wonderland' : 'builder';
  const user = new HeadlessUser({ username, password, decision }, async (url, init) => {
    if (init?.body instanceof URLSearchParams) {
      asked.push(init.body.has('password') ? 'password' : 'consent');
    }
    const response = await fetch(url, init);
    answers.push(response);
    if (response.status === 200) pages.push(await response.clone().text());
    return response;
  });
  return { user, asked, pages, answers };
}
