/** Order of the group of P-256: SEC 2, 2.4.2. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA's other half: where (r, s) is a signature, so is (r, n - s). */
export function malleated(p1363: string): string {
  const bytes = Buffer.from(p1363, 'base64');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = (ORDER - s).toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64');
}
