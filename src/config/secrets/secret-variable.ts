/** Whether a variable's value is a secret, as far as its name says. One that ends with TOKENS may count them. */
export function isSecretVariable(name: string, value: unknown): boolean {
  return /key|token|secret|password|credential/i.test(name) && !(/TOKENS$/.test(name) && /^\d+$/.test(String(value)));
}
