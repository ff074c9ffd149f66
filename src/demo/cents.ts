/** Cents as a decimal text: 123456 is "1234.56". Money of the demo is never a float. */
export function amountText(cents: bigint): string {
  const sign = cents < 0n ? '-' : '';
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Cents of a decimal text, however many zeros end it; anything below a cent is refused. */
export function centsOf(text: string): bigint {
  const parts = /^(-?)(\d+)(?:\.(\d{0,2})0*)?$/.exec(text.trim());
  if (!parts) throw new Error(`"${text}" is not an amount in cents`);
  const cents = BigInt(`${parts[2]}${(parts[3] ?? '').padEnd(2, '0')}`);
  return parts[1] === '-' ? -cents : cents;
}
