import { OpsBotError } from '../core/errors.ts';

export type Shell = 'bash' | 'powershell';

const PLAIN = /^[A-Za-z0-9_./:@%+-]+$/;

/** One word for the shell, whatever the value holds; line breaks and other controls are refused. */
export function quote(shell: Shell, value: string): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new OpsBotError('VALUE_REFUSED', 'a value with control characters cannot be quoted');
  }
  switch (shell) {
    case 'bash':
      return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
    case 'powershell':
      // PowerShell takes the typographic quotes ‘ ’ ‚ ‛ for the plain one, so each is doubled.
      return `'${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`;
  }
}
