export function isOk(status: number): boolean {
  return status === 200;
}

export function isRedirect(status: number): boolean {
  return status === 302 || status === 303;
}

export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}
