/** One minor version a month: 1.67 came out in August 2026, 1.58 in November 2025 (agent-release-notes). */
const KNOWN_MINOR = 67;
const KNOWN_YEAR = 2026;
const KNOWN_MONTH = 7;

/** About when a version of the agent came out: the end of its month. Undefined for what is no version. */
export function agentReleasedAt(version: string | undefined): Date | undefined {
  const minor = /^1\.(\d{1,3})(\.|$)/.exec(version ?? '')?.[1];
  if (minor === undefined) return undefined;
  return new Date(Date.UTC(KNOWN_YEAR, KNOWN_MONTH + 1 + Number(minor) - KNOWN_MINOR, 0));
}
