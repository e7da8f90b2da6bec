/**
 * Some clients make one line of everything. Where a long line holds what only begins lines, it is broken
 * there again. Each pattern begins with a blank and a literal, so this stays one pass per pattern.
 */
export function unfold(text: string): string {
  if (
    !text.split('\n', MOST_LINES).some((line) => line.length > LONG && BEGINS_INSIDE.test(line))
  ) {
    return text;
  }
  return text.split('\n').map(unfoldLine).join('\n');
}

function unfoldLine(line: string): string {
  if (line.length <= LONG || !BEGINS_INSIDE.test(line)) return line;
  return line.replace(BEGINNINGS, '\n');
}

const LONG = 80;
const MOST_LINES = 2_000;

const STARTS = [
  'https?:\\/\\/[a-z0-9.-]{4,253}\\s{0,80}\\|',
  'https?:\\/\\/[a-z0-9.-]{4,253}\\s{1,80}(?:true|false)\\s',
  '(?:INFO|WARN|ERROR|FATAL)\\s{1,8}[A-Z]',
  'time="\\d{4}-',
  'PROBE name=',
  'ENDPOINT\\s{0,80}\\|',
  'Config property [a-z.]{4,40} (?:set|cleared)',
  'Local Configuration Settings',
  '\\d{1,3}% \\[',
  'To sign in, use a web browser',
  '[a-z]{4,30}\\.[a-z]{3,20}(?:\\.cpulimit)?(?: \\(preview\\))?\\s{1,80}: ',
  '(?:Resource (?:Name|Group Name|Namespace|Id)|Subscription ID|Tenant ID|VM ID|VM UUID|Correlation ID|Location|Cloud|Agent (?:Version|Logfile|Status|Last Heartbeat|Error Code|Error Details|Error Timestamp|Service)|Using HTTPS Proxy|Proxy Bypass List|Upstream Proxy|Gateway URL|Cloud Provider|Identity Key Store|Manufacturer|Model|MSSQL Server Detected|MySQL Server Detected|PGSQL Server Detected|Azure Arc Proxy|Extension Service|GC Service|Portal Page|Disabled Features|Agent Auto Upgrade Task Status)(?: \\(\\w{3,32}\\))?\\s{0,80}:',
  'Cloud Metadata\\s',
  'Dependent Service Status\\s',
  'Failed to (?:acquire|Azcmagent)',
].join('|');

const BEGINS_INSIDE = new RegExp(`\\s(?:${STARTS})`);
const BEGINNINGS = new RegExp(`\\s(?=(?:${STARTS}))`, 'g');
