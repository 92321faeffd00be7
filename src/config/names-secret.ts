/** Whether a variable's name says that its value is a secret. One that ends with TOKENS counts them. */
export function namesSecret(name: string): boolean {
  return /key|token|secret|password|credential/i.test(name) && !/TOKENS$/.test(name);
}
