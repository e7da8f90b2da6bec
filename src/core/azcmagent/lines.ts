import { readConfigLine } from './config.ts';
import { isProbe } from './probe.ts';
import { readShowLine } from './show.ts';
import { isHeader, startsRow } from './table.ts';

export type LineClass =
  | 'blank'
  | 'command'
  | 'header'
  | 'row'
  | 'probe'
  | 'show'
  | 'config'
  | 'log'
  | 'console'
  | 'progress'
  | 'prompt'
  | 'exit'
  | 'json'
  | 'error'
  | 'address'
  | 'other';

/** What a line is, by how it begins. */
export function classify(line: string): LineClass {
  const text = line.trim();
  if (text === '') return 'blank';
  const head = text.slice(0, 300);
  if (LOG.test(head)) return 'log';
  if (CONSOLE.test(head)) return 'console';
  if (PROGRESS.test(head)) return 'progress';
  if (/^To sign in, use a web browser/i.test(head)) return 'prompt';
  if (isProbe(head)) return 'probe';
  if (isHeader(head)) return 'header';
  if (startsRow(text)) return 'row';
  if (/^https?:\/\/\S{1,300}$/.test(head)) return 'address';
  if (EXIT.test(head)) return 'exit';
  if (commandVerb(head)) return 'command';
  if (readConfigLine(head)) return 'config';
  if (readShowLine(text)) return 'show';
  if (/^[{[]\s{0,4}(?:$|["{[\]}])/.test(head)) return 'json';
  if (PRINTED.test(head) && !isQuestion(head)) return 'error';
  return 'other';
}

/** The verb of `azcmagent <verb>` on a command line, with or without its shell prompt. */
export function commandVerb(line: string): string | undefined {
  const at = line.indexOf('azcmagent');
  if (at === -1 || at > 160) return undefined;
  const before = line.slice(0, at);
  if (before !== '' && !/(?:[$#>/\\"'&+]|sudo|\)|%)\s{0,3}$/.test(before)) return undefined;
  const verb = /^azcmagent(?:\.exe)?["']?\s{1,4}([a-z]{4,12})\b/i.exec(
    line.slice(at, at + 40),
  )?.[1];
  return verb && VERBS.has(verb.toLowerCase()) ? verb.toLowerCase() : undefined;
}

const VERBS: ReadonlySet<string> = new Set([
  'check',
  'config',
  'connect',
  'disconnect',
  'extension',
  'genkey',
  'license',
  'logs',
  'show',
  'upgrade',
  'version',
]);

const LEVEL = '(?:debug|info|warn|warning|error|fatal|panic|trace)';
/**
 * logrus: `time="…" level=…`, a cut `level=…`, the old console form `ERROR[0002]`; the bracketed dates of the
 * extension manager; each also behind journald's own head.
 */
const LOG = new RegExp(
  `^(?:[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\S{1,64} [\\w.-]{1,40}(?:\\[\\d{1,8}\\])?: )?(?:time="?\\d{4}-\\d\\d|level=${LEVEL}\\b|\\[\\d{4}-\\d\\d-\\d\\d[T ]|(?:INFO|WARN|ERRO|ERROR|FATA|FATAL|DEBU|DEBUG)\\[\\d{1,6}\\])`,
  'i',
);
const CONSOLE = /^(?:INFO|WARN|WARNING|ERROR|FATAL|DEBUG|VERBOSE)(?::|\s{1,8})\S/;
const PROGRESS = /^\d{1,3}% ?\[[=> ]{0,40}\]?/;
/** An exit code with its number and nothing else, however a shell, a script or a person writes it. */
export const EXIT =
  /^(?:(?:the )?(?:process|command|azcmagent|program|script|job)?(?: failed| ended| finished| exited| returned)?(?: with)?(?: an?)?\s{0,4}(?:exit(?:ed with)?(?: ?code| status)?|exitcode|errorlevel|lastexitcode|return code|rc(?=\s?[:=]))|終了コード|%errorlevel%|\$lastexitcode|azcmagent exited with code)\s{0,4}(?:[:=は]|is|was)?\s{0,4}(?:AZCM)?\d{1,4}(?=[\s.。)]{0,4}$|\s{0,4}(?:です|でした|と|が))/i;
/** How machines begin a line that says what went wrong. */
const PRINTED =
  /^(?:[*+!-]\s{1,2})?(?:\[?(?:error|fatal|warn|warning|failed|exception)\b|Get\s|Post\s|Put\s|dial tcp|proxyconnect|x509:|tls:|remote error|net\/http|net:|http:|read tcp|write tcp|lookup \S+|required endpoints|AZCM\d{4}|AADSTS\d{4,7}|curl:|schannel|context deadline|connectex|wsarecv|Extension |Failed |No indication of Private|Private Link Scope resource|The subscription is|The client '|Invalid client secret|Message:|Code:|"(?:message|error|code)"|\w+Error\b|Error Code|azcmagent(?:\.exe)?\s?:)/i;

/** Whether a machine printed this, rather than a person telling about it. */
export function looksPrinted(line: string, lineClass: LineClass): boolean {
  if (lineClass !== 'other') return lineClass !== 'blank' && lineClass !== 'command';
  if (/\b(?:Get|Post|Put)\s{0,2}\\?"https?:\/\//.test(line)) return true;
  return PRINTED.test(line.trimStart()) && !isQuestion(line);
}

/** Somebody asks about a word instead of showing output. */
export function isQuestion(text: string): boolean {
  return (
    text.length <= 120 &&
    /[?？]|って(?:何|なに|なん|どう|$)|とは(?:何|なん|$)|ですか|ますか|教えて|意味|\b(?:what|why|how|mean|means|explain)\b/i.test(
      text,
    )
  );
}

/** A short line that someone typed from the screen: neither a question nor a story about last week. */
export function isTyped(text: string): boolean {
  return text.length <= 100 && !isQuestion(text) && !STORY.test(text.trim());
}

const STORY =
  /^(?:we|i|you|they|he|she|it|the|this|that|these|please|yesterday|last|our|my|your|if|when|there|once|note|see|hi|hello|dear|thanks?)\b|\b(?:yesterday|last (?:week|month|year|time)|fixed|resolved|solved|ago|used to|should|could|would|may|might)\b|昨日|先週|先月|以前|前回|直りました|解決|済み|予定|場合は|してください/i;
