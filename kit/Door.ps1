# The kit's half of the door: settings and texts as plain data, requests signed with this server's key, answers
# believed only when the bot's key signed them, reports that wait for a way. Dot-sourced by Onboard.ps1;
# docs/door.md of the bot says the same in words.
#
# ASCII only: Windows PowerShell 5.1 reads a file without a byte order mark in the code page of the system. Only
# types of .NET Framework 4.7 that PowerShell 7 has too. Comparisons are -c: the others do not mind case.

$Utf8 = [Text.Encoding]::UTF8
$Bytes1 = [Text.Encoding]::GetEncoding(28591) # Latin-1: one character for each byte
$OnWindows = [Environment]::OSVersion.Platform -ceq 'Win32NT'
$Settings = @{}
$Probes = @()
$Texts = @{}
$Answer = @{}
$Ended = $false

# ------------------------------------------------------------------ settings and texts

# A settings file is data: nothing in it is evaluated.
function Read-Settings {
  $path = [IO.Path]::Combine($Here, 'settings.conf')
  if (-not [IO.File]::Exists($path)) { Stop-Unread 'settings.conf' }
  foreach ($line in [IO.File]::ReadAllLines($path, $Utf8)) {
    if ($line -cnotmatch '\A([a-z_0-9]+)=(.*)\z') { continue }
    if ($Matches[1] -ceq 'probe') { $script:Probes += $Matches[2] } else { $Settings[$Matches[1]] = $Matches[2] }
  }
}

function Stop-Unread([string]$Name) {
  Write-Host "K-02 $Name"
  $script:Ended = $true
  exit 2
}

function Get-Setting([string]$Name, [string]$Else = '') {
  if ($Settings[$Name]) { $Settings[$Name] } else { $Else }
}

function Read-Texts {
  $script:Language = Get-Setting 'language'
  if ($Language -cne 'ja' -and $Language -cne 'en') {
    $script:Language = 'en'
    # Consoles of other code pages have no Japanese characters.
    $draws = 932, 65001 -contains [Console]::OutputEncoding.CodePage
    if ($draws -and [Globalization.CultureInfo]::CurrentUICulture.Name -clike 'ja*') { $script:Language = 'ja' }
  }
  $path = [IO.Path]::Combine($Here, "texts.$Language.txt")
  if (-not [IO.File]::Exists($path)) { Stop-Unread "texts.$Language.txt" }
  foreach ($line in [IO.File]::ReadAllLines($path, $Utf8)) {
    if ($line -cmatch '\A(K-[0-9]+) (.*)\z') { $Texts[$Matches[1]] = $Matches[2] }
  }
}

function Say([string]$Code) { # step code, values for {1} {2} {3}
  $text = [string]$Texts[$Code]
  $number = 0
  foreach ($value in $args) {
    $number += 1
    $text = $text.Replace("{$number}", ([string]$value -creplace '\p{Cc}', ' '))
  }
  Write-Host "$Code $text"
}

function Stop-Kit([int]$ExitCode, [string]$Code = '') { # exit code, step code, values
  if ($Code) { Say $Code @args }
  $script:Ended = $true
  exit $ExitCode
}

# Each value that goes into a request, a command or a path has a form; one that has not stops the kit here.
function Test-Settings {
  $id = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
  $url = 'https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?'
  $proxy = 'http://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?' # neither .NET Framework nor MDE speaks TLS to a proxy
  $path = '[A-Za-z0-9_.:/\\ ()~-]*[A-Za-z0-9_.)~-]' # no backslash at its end, which would escape a quote
  $resource = '(/[A-Za-z0-9_.()-]+)+'
  $words = '[A-Za-z0-9][A-Za-z0-9.,/-]*'
  $needed = @(
    @('bot_url', $url), @('bot_key', '[A-Za-z0-9+/]{120,124}=*'), @('aud', '[A-Za-z0-9_.:-]{1,128}'),
    @('machine', '[A-Za-z0-9][A-Za-z0-9_.-]{0,53}'),
    @('serial', '[A-Za-z0-9]([A-Za-z0-9 _./-]{0,126}[A-Za-z0-9])?'),
    @('site', '[A-Za-z0-9][A-Za-z0-9_.-]{0,63}'), @('tenant_id', $id), @('subscription_id', $id),
    @('resource_group', '[A-Za-z0-9_.()-]{1,90}'), @('location', '[a-z0-9]{1,40}')
  )
  $others = @(
    @('cloud', '[A-Za-z]{1,40}'), @('private_link_scope', $resource), @('gateway_id', $resource),
    @('proxy_url', $proxy), @('base_proxy_url', $proxy), @('probe_proxy', $proxy), @('proxy_bypass', $words),
    @('extensions_allowlist', $words), @('tags', '[A-Za-z][^\p{Cc}"''\\<>%&?]*'),
    @('agent_package', '[A-Za-z0-9_][A-Za-z0-9_.+~-]*[.]msi'), @('agent_package_size', '[0-9]{1,12}'),
    @('agent_package_sha256', '[0-9a-f]{64}'), @('azcmagent', $path), @('state_dir', $path), @('root_dir', $path),
    @('dmi_dir', $path), @('address', '[0-9a-fA-F.:]{2,45}'), @('bot_via', 'proxy|direct'),
    @('ready_minutes', '[0-9]{1,3}'), @('ready_every', '[0-9]{1,2}([.][0-9])?'), @('watch_every', '[0-9]{1,2}')
  )
  foreach ($form in $needed) { Test-Form $form[0] $form[1] }
  foreach ($form in $others) { if (Get-Setting $form[0]) { Test-Form $form[0] $form[1] } }
}

function Test-Form([string]$Name, [string]$Pattern) {
  if ((Get-Setting $Name) -cnotmatch "\A(?:$Pattern)\z") { Stop-Kit 2 K-03 $Name }
}

# ------------------------------------------------------------------ small values of the state folder

function Get-StatePath([string]$Name) { [IO.Path]::Combine($State, $Name) }

function Read-Value([string]$Name, [string]$Else = '') { # name, what if absent
  $path = Get-StatePath $Name
  if ([IO.File]::Exists($path)) { [IO.File]::ReadAllText($path, $Utf8).Trim() } else { $Else }
}

function Save-Value([string]$Name, [string]$Value) { Save-Bytes (Get-StatePath $Name) ($Utf8.GetBytes("$Value`n")) }

function Save-Bytes([string]$Path, [byte[]]$Content) { # on disk before this returns, whole or not at all
  $file = [IO.FileStream]::new("$Path.new", 'Create', 'Write', 'None')
  try {
    Protect-File "$Path.new"
    $file.Write($Content, 0, $Content.Length)
    $file.Flush($true)
  } finally {
    $file.Dispose()
  }
  if ([IO.File]::Exists($Path)) { [IO.File]::Replace("$Path.new", $Path, [NullString]::Value) }
  else { [IO.File]::Move("$Path.new", $Path) }
}

function Enter-Lock { # one step at a time, and with it one request at a time
  try { $script:Lock = [IO.FileStream]::new((Get-StatePath 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
  catch [IO.IOException] { Stop-Kit 75 K-06 }
}

# ------------------------------------------------------------------ the door: requests and signed answers

function Get-SystemTime { [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() }
function Get-Now { (Get-SystemTime) + $Offset }

function New-Id {
  $id = [byte[]]::new(16)
  $random = [Security.Cryptography.RandomNumberGenerator]::Create()
  try { $random.GetBytes($id) } finally { $random.Dispose() }
  [BitConverter]::ToString($id).Replace('-', '').ToLowerInvariant()
}

# At the base the base's proxy leads out, after arrival the site's.
function Get-ProxyHere {
  if ((Read-Value 'place' 'site') -ceq 'base') { Get-Setting 'base_proxy_url' (Get-Setting 'proxy_url') }
  else { Get-Setting 'proxy_url' }
}

function Get-ProxyToBot {
  if ((Get-Setting 'bot_via' 'proxy') -ceq 'direct' -or $Loopback) { '' } else { Get-ProxyHere }
}

# One attempt of 15 seconds. Follows no redirect and takes no proxy from the system. Sets Reply: Failure (nothing,
# or dns, connect, timeout, tls, or the number that a proxy answered), Status, Kind (content type), Content.
function Send-Body([string]$Path, [string]$Body) {
  $script:Reply = @{ Failure = ''; Status = 0; Kind = ''; Content = [byte[]]@() }
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $response = $null
  try {
    $content = $Utf8.GetBytes($Body)
    $proxy = Get-ProxyToBot
    $request = [Net.WebRequest]::Create($BotUrl + $Path)
    $request.Proxy = if ($proxy) { [Net.WebProxy]::new($proxy) } else { [Net.WebProxy]::new() }
    $request.Method = 'POST'
    $request.ContentType = 'application/json'
    $request.ContentLength = $content.Length
    $request.AllowAutoRedirect = $false
    $request.KeepAlive = $false
    $request.ServicePoint.Expect100Continue = $false
    $request.Timeout = 15000
    $request.ReadWriteTimeout = 15000
    $stream = $request.GetRequestStream()
    $stream.Write($content, 0, $content.Length)
    $stream.Dispose()
    $request.Timeout = [Math]::Max(1, 15000 - $watch.ElapsedMilliseconds)
    $response = $request.GetResponse()
  } catch [Net.WebException], [IO.IOException] {
    # A status like 403 arrives as an exception with the answer in it; Status alone is not to be relied on.
    for ($one = $_.Exception; $null -ne $one; $one = $one.InnerException) {
      if ($one -is [Net.WebException] -and $one.Response) { $response = $one.Response }
    }
    if ($null -eq $response) { $Reply.Failure = Get-Failure $_.Exception }
  }
  if ($null -eq $response) { return }
  try {
    $Reply.Status = [int]$response.StatusCode
    $Reply.Kind = [string]$response.ContentType
    Read-Body ($response.GetResponseStream()) (15000 - $watch.ElapsedMilliseconds)
  } catch {
    $Reply.Failure = Get-Failure $_.Exception
  } finally {
    $response.Close()
  }
}

function Read-Body($Stream, [int]$Milliseconds) { # 64 KiB at most
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $all = [IO.MemoryStream]::new()
  $buffer = [byte[]]::new(8192)
  while ($true) {
    $reading = $Stream.ReadAsync($buffer, 0, $buffer.Length)
    if (-not $reading.Wait([Math]::Max(1, $Milliseconds - $watch.ElapsedMilliseconds))) { throw [TimeoutException]::new() }
    if ($reading.Result -eq 0) { break }
    $all.Write($buffer, 0, $reading.Result)
    if ($all.Length -gt 65536) { throw [IO.IOException]::new() }
  }
  $Reply.Content = $all.ToArray()
}

function Get-Failure($Exception) {
  for ($one = $Exception; $null -ne $one; $one = $one.InnerException) {
    # PowerShell 7: the proxy's answer to CONNECT stands only in these words.
    if ($one.Message -cmatch "proxy tunnel request to proxy .* failed with status code '([0-9]{3})'") { return $Matches[1] }
    if ($one -is [Security.Authentication.AuthenticationException]) { return 'tls' }
    if ($one -is [TimeoutException]) { return 'timeout' }
    if ($one -is [Net.Sockets.SocketException]) {
      if ('HostNotFound', 'TryAgain', 'NoData', 'NoRecovery' -ccontains $one.SocketErrorCode) { return 'dns' }
      if ($one.SocketErrorCode -ceq 'TimedOut') { return 'timeout' }
      return 'connect'
    }
    if ($one -is [Net.WebException]) {
      if ('NameResolutionFailure', 'ProxyNameResolutionFailure' -ccontains $one.Status) { return 'dns' }
      if ('TrustFailure', 'SecureChannelFailure' -ccontains $one.Status) { return 'tls' }
      if ($one.Status -ceq 'Timeout') { return 'timeout' }
    }
  }
  'connect'
}

# Reads the reply to request id into Answer, only if it is signed by the bot's key. Nothing unsigned is read.
function Test-Answer([string]$Id) {
  $script:Answer = @{}
  if ($Reply.Failure -or 200, 202, 401, 403, 409 -notcontains $Reply.Status) { return $false }
  if ($Reply.Kind -cnotmatch '\Atext/plain(;|\z)') { return $false }
  if ($Bytes1.GetString($Reply.Content) -cnotmatch '\A([\s\S]*)\nsig=([A-Za-z0-9+/]{86}==)\n\z') { return $false }
  $signed = $Bytes1.GetBytes($Matches[1] + "`n")
  $signature = [Convert]::FromBase64String($Matches[2])
  $isRight = Test-Signature $BotKey $signed $signature
  if (-not $isRight) { $isRight = Test-Signature (Read-Value 'bot-key-before') $signed $signature }
  if (-not $isRight) { return $false }
  $lines = @{}
  foreach ($line in $Utf8.GetString($signed, 0, $signed.Length - 1).Split([char]10)) {
    if ($line -cnotmatch '\A([a-z_]+)=(.*)\z' -or $lines.ContainsKey($Matches[1])) { return $false }
    $lines[$Matches[1]] = $Matches[2]
  }
  if ($lines['v'] -cne 'a1' -or $lines['id'] -cne $Id -or $lines['time'] -cnotmatch '\A[1-9][0-9]{0,11}\z') { return $false }
  if ($lines['do'] -cnotmatch '\A(go|wait|renew|stop|resign|ok)\z') { return $false }
  $script:Answer = $lines
  $true
}

# One message, with its payload and id, until the bot answered or an attempt failed. Sets Do.
function Send-Message([string]$Payload, [string]$Id) {
  for ($attempt = 1; $attempt -le 3; $attempt += 1) {
    Send-Once $Payload $Id
    if (-not (Test-Answer $Id)) {
      Write-Failure
      return $false
    }
    $script:LastFailure = ''
    $script:Do = $Answer['do']
    Save-Value 'last-contact' (Get-Now)
    Update-BotKey
    if ($Do -cne 'resign') { return $true }
    Update-Clock
  }
  $false
}

function Update-BotKey { # a signed answer may bring the bot's next key
  $next = [string]$Answer['bot_key']
  if ($next -cnotmatch '\A[A-Za-z0-9+/]{120,124}=*\z' -or $next -ceq $BotKey) { return }
  Save-Value 'bot-key-before' $BotKey
  Save-Value 'bot-key' $next
  $script:BotKey = $next
  Say K-23
}

function Update-Clock { # by time= of the answer at hand
  $script:Offset = [long]$Answer['time'] - (Get-SystemTime)
  Save-Value 'clock-offset' $Offset
  if ($Answer['code'] -ceq 'CLOCK') { Say K-19 $Offset }
}

function Send-Once([string]$Payload, [string]$Id) { # signs anew, with the next number, which is on disk first
  $seq = [long][IO.File]::ReadAllText([IO.Path]::Combine($Keys, 'seq')) + 1
  Save-Bytes ([IO.Path]::Combine($Keys, 'seq')) ($Utf8.GetBytes("$seq`n"))
  $kid = [IO.File]::ReadAllText([IO.Path]::Combine($Keys, 'kid')).Trim()
  $ts = Get-Now
  $data = [Convert]::ToBase64String($Utf8.GetBytes($Payload))
  $sig = Get-Signature $Keys "v1.$kid.$Id.$ts.$seq.$data"
  Send-Body '/api/v1/reports' ('{"v":1,"kid":"' + $kid + '","id":"' + $Id + '","ts":' + $ts + ',"seq":' + $seq +
    ',"payload":"' + $data + '","sig":"' + $sig + '"}')
}

function New-Payload([string]$Type, [string]$More = '') { # type, further members with their leading comma
  '{"aud":"' + (Get-Setting 'aud') + '","type":"' + $Type + '","at":' + (Get-Now) + ',"botKey":"' + $BotKey + '"' + $More + '}'
}

# Says, once per kind, whose answer it was when it was not the bot's signed one.
function Write-Failure {
  $status = $Reply.Status
  $isJson = $Reply.Kind -clike 'application/json*'
  $step = @('K-15', $status)
  if ($Reply.Failure -ceq 'dns') { $step = @('K-10', $BotUrl) }
  elseif ($Reply.Failure -ceq 'connect') { $step = @('K-11', $BotUrl) }
  elseif ($Reply.Failure -ceq 'timeout') { $step = @('K-12') }
  elseif ($Reply.Failure -ceq 'tls') { $step = @('K-13', $BotUrl) }
  elseif ($status -eq 407 -or $Reply.Failure -ceq '407') { $step = @('K-14') }
  elseif ($Reply.Failure) { $step = @('K-15', $Reply.Failure) }
  elseif ($isJson -and ($status -eq 429 -or $status -ge 500)) { $step = @('K-16', $status) }
  elseif ($isJson) { $step = @('K-18', $status) }
  elseif (200, 202, 401, 403, 409 -contains $status -and $Reply.Kind -cnotlike 'text/html*') { $step = @('K-17') }
  if ("$step" -ceq $LastFailure) { return }
  $script:LastFailure = "$step"
  Say @step
}

# The bot's sentences for the console; the match number has its own line and no other.
function Write-BotWords {
  $text = [string]$Answer[$Language] -creplace '\u7167\u5408(?=\u756A\u53F7)', ''
  foreach ($sentence in [regex]::Split($text, '(?<=\u3002)|(?<=[.]) ')) {
    if ($sentence) { Say K-20 $sentence }
  }
}

# ------------------------------------------------------------------ reports that wait

function Get-Waiting { # as files in order of time
  @([IO.Directory]::GetFiles((Get-StatePath 'spool')) | Where-Object { $_ -cnotlike '*.new' } | Sort-Ordinal)
}

function Sort-Ordinal {
  $list = [string[]]@($input)
  [Array]::Sort($list, [StringComparer]::Ordinal)
  $list
}

# Only the newest check, every outcome, 1 MB. Never a code.
function Add-Waiting([string]$Type, [string]$Payload) {
  if ($Type -ceq 'network-check') {
    Get-Waiting | Where-Object { $_ -clike '*-network-check-*' } | ForEach-Object { [IO.File]::Delete($_) }
  }
  $name = ('{0:d12}-{1}-{2}' -f [long](Get-Now), $Type, (New-Id))
  Save-Bytes (Get-StatePath ([IO.Path]::Combine('spool', $name))) ($Utf8.GetBytes($Payload))
  $size = 0
  $newestFirst = @(Get-Waiting)
  [Array]::Reverse($newestFirst)
  foreach ($path in $newestFirst) { # what does not fit goes
    $size += [IO.FileInfo]::new($path).Length
    if ($size -gt 1048576) { [IO.File]::Delete($path) }
  }
}

# Sends what waits, oldest first. 0 all sent, 5 some still wait, 6 the bot said stop.
function Send-Waiting {
  $script:Sent = 0
  $result = 0
  if (-not (Test-Enrolled $Keys)) { return 5 }
  foreach ($path in @(Get-Waiting)) {
    if (-not (Send-Message ([IO.File]::ReadAllText($path, $Utf8)) ($path -creplace '\A.*-', ''))) {
      # With an answer, only this report is refused for now; without one, the others would wait as long.
      if ($Reply.Failure) { return 5 }
      $result = 5
      continue
    }
    if ($Do -cne 'ok') {
      Write-BotWords
      return 6
    }
    [IO.File]::Delete($path)
    $script:Sent += 1
  }
  $result
}

function ConvertTo-Base64([byte[]]$Content) { # raw bytes without NUL, the last 24 KB
  $from = [Math]::Max(0, $Content.Length - 24576)
  $last = $Bytes1.GetString($Content, $from, $Content.Length - $from).Replace([string][char]0, '')
  [Convert]::ToBase64String($Bytes1.GetBytes($last))
}
