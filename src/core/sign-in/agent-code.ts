/**
 * The one code that says most about how azcmagent ended: Entra's (AADSTS53003, also printed as `Error
 * Code: 53003`), else the agent's own (AZCM0041), else the exit code's digits.
 */
export function agentCode(text: string | undefined, exitCode: number): string | undefined {
  const said = text ?? '';
  const entra = /\bAADSTS(\d{4,7})\b/.exec(said)?.[1] ?? /Error Code: (\d{5,7})\b/.exec(said)?.[1];
  if (entra) return `AADSTS${entra}`;
  const own = /\bAZCM\d{4}\b/.exec(said)?.[0];
  if (own) return own;
  return exitCode === 0 ? undefined : String(exitCode);
}
