/** Keystone did not answer, or not as Keystone does. The message tells the operator what; it holds no token. */
export class KeystoneFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeystoneFailure';
  }
}
