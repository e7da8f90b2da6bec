# Onboards this server to Azure Arc together with the Arc Onboarding Bot.
#
#   Onboard.ps1 prepare | check | connect | arrive | status [-Text] | report      (or double-click Onboard.cmd)
#
# For Windows PowerShell 5.1 with .NET Framework 4.7 or newer, and for PowerShell 7. Reads settings.conf and
# texts.<language>.txt beside it, keeps its own files in one folder that only administrators can read, talks only
# to the bot (bot_url) and runs azcmagent. It believes nothing the bot says before the signature is checked, and
# acts on one word of a signed answer alone (do=). Sign-in codes pass through memory and one request; they stand in
# no file, no argument, no environment and not on the screen.
#
# Exit codes: 0 done, 1 unexpected, 2 usage or settings, 3 something is missing on this server, 4 not the server of
# this kit, or not a clean image, 5 the bot cannot be reached (reports wait), 6 the bot said stop, 7 the check found
# something, 8 no sign-in came about, 9 azcmagent failed, 10 Windows PowerShell or .NET Framework is too old,
# 75 another step is running, 130 interrupted
param([string]$Verb = '', [string]$Option = '', [switch]$Text)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$Here = $PSScriptRoot
. ([IO.Path]::Combine($Here, 'Door.ps1'))
. ([IO.Path]::Combine($Here, 'Windows.ps1'))

function Test-Versions { # nothing newer may run before this
  $version = $PSVersionTable.PSVersion
  if ($version.Major -ge 7) { return }
  if ($version.Major -lt 5 -or ($version.Major -eq 5 -and $version.Minor -lt 1) -or $version.Major -eq 6) {
    Stop-Kit 10 K-24 "PowerShell $version"
  }
  # https://learn.microsoft.com/dotnet/framework/install/how-to-determine-which-versions-are-installed
  $release = Get-MachineValue 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' 'Release'
  if ([int]('0' + $release) -lt 460798) { Stop-Kit 10 K-24 ".NET Framework $release" }
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
}

function Initialize-Kit { # everything a verb needs before it begins
  Read-Settings
  Read-Texts
  Test-Versions
  Test-Settings
  $script:Root = Get-Setting 'root_dir'
  $script:State = Get-Setting 'state_dir' (Get-DefaultState)
  $script:AgentPath = Get-Setting 'azcmagent' ([IO.Path]::Combine((Get-ProgramFiles), 'AzureConnectedMachineAgent', 'azcmagent.exe'))
  $script:BotUrl = (Get-Setting 'bot_url').TrimEnd('/')
  $script:Loopback = $BotUrl -cmatch '\Ahttps?://(127\.0\.0\.1|localhost)(:[0-9]+)?\z'
  if ($BotUrl -cnotlike 'https://*' -and -not $Loopback) { Stop-Kit 2 K-22 $BotUrl }
  if (-not (Test-Administrator)) { Stop-Kit 3 K-25 }
  foreach ($folder in $State, (Get-StatePath 'run'), (Get-StatePath 'spool')) { Protect-Folder $folder }
  $script:Keys = Get-StatePath 'key'
  $script:Offset = [long](Read-Value 'clock-offset' '0')
  $script:LastFailure = ''
  # A promotion that was cut off between its two renames is finished here.
  if (-not [IO.Directory]::Exists($Keys) -and [IO.File]::Exists((Get-StatePath 'key.next/promoted'))) {
    [IO.Directory]::Move((Get-StatePath 'key.next'), $Keys)
  }
  if (-not [IO.File]::Exists((Get-StatePath 'bot-key'))) { Save-Value 'bot-key' (Get-Setting 'bot_key') }
  $script:BotKey = Read-Value 'bot-key'
}

function Wait-Between([string]$Seconds) { Start-Sleep -Milliseconds ([int](1000 * [double]$Seconds)) }

# ------------------------------------------------------------------ prepare

function Invoke-Prepare {
  Assert-Identity
  Assert-CleanImage
  if (Test-Enrolled $Keys) { Say K-40 }
  else {
    $place = if (Get-Setting 'base_proxy_url') { 'base' } else { 'site' }
    Save-Value 'place' $place
    Invoke-Enrolment
  }
  Install-Agent
  Set-Proxies (Get-ProxyHere)
  Say K-49
}

function Assert-CleanImage {
  $before = Read-Value 'machine'
  if ($before -and $before -cne "$(Get-Setting 'machine') $Serial $Uuid") { Stop-Kit 4 K-33 $before }
  if (Test-Connected) { Stop-Kit 4 K-30 }
  if (Test-Enrolled $Keys) { return }
  $key = 'SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'
  if ((Get-MachineValue $key 'OnboardingState') -ceq '1') { Stop-Kit 4 K-31 'OnboardingState' }
  foreach ($folder in @(Get-AmaFolders)) { if ([IO.Directory]::Exists($folder)) { Stop-Kit 4 K-32 $folder } }
}

function Get-AmaFolders { # where its extension and its own installer put it
  $drive = if ($Root) { $Root } else { [IO.Path]::GetPathRoot([Environment]::SystemDirectory) }
  [IO.Path]::Combine($drive, 'Packages', 'Plugins', 'Microsoft.Azure.Monitor.AzureMonitorWindowsAgent')
  [IO.Path]::Combine($drive, 'Program Files', 'Azure Monitor Agent')
}

function Read-Token {
  $path = [IO.Path]::Combine($Here, 'token')
  if ([IO.File]::Exists($path)) { return [IO.File]::ReadAllText($path).Trim() }
  Say K-34
  if ([Console]::IsInputRedirected) { return [string][Console]::In.ReadLine() }
  $typed = [Text.StringBuilder]::new()
  while (($key = [Console]::ReadKey($true)).Key -cne 'Enter') {
    if ($key.Key -ceq 'Backspace') { $typed.Length = [Math]::Max(0, $typed.Length - 1) }
    else { [void]$typed.Append($key.KeyChar) }
  }
  $typed.ToString().Trim()
}

function Invoke-Enrolment {
  $token = Read-Token
  if ($token -cnotmatch '\A[A-Za-z0-9_-]{22}\z') { Stop-Kit 2 K-35 }
  Save-Value 'machine' "$(Get-Setting 'machine') $Serial $Uuid"
  New-ServerKey $Keys
  Say K-36
  $id = New-Id
  $data = [Convert]::ToBase64String($Utf8.GetBytes('{"aud":"' + (Get-Setting 'aud') + '","token":"' + $token +
      '","name":"' + (Get-Setting 'machine') + '","serial":"' + (Get-Setting 'serial') + '","vmUuid":"' + $Uuid +
      '","alg":"es256-p1363","publicKey":"' + (Get-PublicKey $Keys) + '","botKey":"' + $BotKey + '"}'))
  for ($attempt = 1; $attempt -le 3; $attempt += 1) {
    $ts = Get-Now
    $sig = Get-Signature $Keys "v1e.$id.$ts.$data"
    Send-Body '/api/v1/enroll' ('{"v":1,"id":"' + $id + '","ts":' + $ts + ',"payload":"' + $data + '","sig":"' + $sig + '"}')
    if (Test-Answer $id) {
      if ($Answer['do'] -ceq 'ok') { break }
      if ($Answer['do'] -cne 'resign') {
        Write-BotWords
        Stop-Kit 6 K-21
      }
      Update-Clock
      continue
    }
    $isJson = -not $Reply.Failure -and $Reply.Kind -clike 'application/json*'
    if ($isJson -and $Reply.Status -eq 403) { Stop-Kit 6 K-38 403 }
    if ($isJson -and $Reply.Status -eq 409) { Stop-Kit 6 K-39 409 }
    Write-Failure
    if ($attempt -lt 3) { Wait-Between (Get-Setting 'ready_every' '5') }
  }
  if ($Answer['do'] -cne 'ok' -or $Answer['kid'] -cnotmatch '\A[A-Za-z0-9_-]{1,64}\z') { Stop-Kit 5 }
  Save-Value 'key/kid' $Answer['kid']
  [IO.File]::Delete([IO.Path]::Combine($Here, 'token'))
  Say K-37
}

function Install-Agent {
  if (Test-Agent) { return }
  $name = Get-Setting 'agent_package'
  $package = [IO.Path]::Combine($Here, $name)
  if (-not $name -or -not [IO.File]::Exists($package)) { Stop-Kit 3 K-44 $AgentPath }
  # Held open until the installer has ended, so that nobody exchanges the file that was measured.
  $held = [IO.FileStream]::new($package, 'Open', 'Read', 'Read')
  try {
    $sum = [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($held)).Replace('-', '').ToLowerInvariant()
    if ([string]$held.Length -cne (Get-Setting 'agent_package_size') -or $sum -cne (Get-Setting 'agent_package_sha256')) {
      Stop-Kit 4 K-41 $name
    }
    Say K-42 $name
    $log = Get-StatePath 'install.log'
    $msiexec = [IO.Path]::Combine([Environment]::SystemDirectory, 'msiexec.exe')
    $ran = Invoke-Program $msiexec @('/i', $package, '/qn', '/norestart', '/l*v', $log)
    if (0, 3010 -notcontains $ran.ExitCode) { Stop-Kit 3 K-43 $log } # 3010: done, restart advised
  } finally {
    $held.Dispose()
  }
  Assert-Agent
}

# ------------------------------------------------------------------ check

function Invoke-Check {
  Assert-Agent
  Say K-50
  $bot = [Uri]$BotUrl
  $lines = @(Get-Probe 'BOT' $bot.Host $bot.Port ($bot.Scheme -ceq 'https') (Get-ProxyToBot))
  $arguments = @('check', '--location', (Get-Setting 'location'))
  if (Get-Setting 'private_link_scope') { $arguments += '--enable-pls-check' }
  $ran = Invoke-Program $AgentPath $arguments
  $rows = [regex]::Matches($ran.Text, '(?m)^(https?://[^|\r\n ]+) *\| *(\w+)')
  $missed = @($rows | Where-Object { $_.Groups[2].Value -cne 'true' })
  if ($rows.Count -eq 0) { Say K-56 $ran.ExitCode } else { Say K-51 'Arc' ($rows.Count - $missed.Count) $rows.Count }
  foreach ($row in $missed) { Say K-52 $row.Groups[1].Value }
  if ($rows.Count -eq 0 -or $missed.Count -gt 0) { $script:Outcome = 7 }
  $lines += $ran.Text.Substring([Math]::Max(0, $ran.Text.Length - 20000))
  $lines += Get-ExtensionProbes
  Write-Probes $lines
  Send-Check ($lines -join "`n")
}

function Get-ExtensionProbes {
  $proxy = Get-Setting 'probe_proxy' (Get-ProxyHere)
  foreach ($entry in $Probes) {
    if ($entry -cnotmatch '\A(AMA|MDE) ([A-Za-z0-9.-]+) ([0-9]{1,5}) (proxy|direct)\z') { continue }
    $name, $hostName, $port = $Matches[1], $Matches[2], [int]$Matches[3]
    $through = if ($Matches[4] -ceq 'proxy') { $proxy } else { '' }
    Get-Probe $name $hostName $port ($port -ne 80) $through
  }
}

function Write-Probes([string[]]$Lines) {
  foreach ($name in 'AMA', 'MDE') {
    $tried = @($Lines | Where-Object { $_ -clike "PROBE name=$name *" })
    $failed = @($tried | Where-Object { $_ -cmatch ' (dns|tcp|tls)=fail ' })
    if ($tried.Count -gt 0) { Say K-51 $name ($tried.Count - $failed.Count) $tried.Count }
    foreach ($line in $failed) {
      if ($line -cmatch ' host=([^ ]+) .* (dns|tcp|tls)=fail ') { Say K-53 $Matches[1] "${name}: $($Matches[2])" }
      $script:Outcome = 7
    }
  }
}

function Send-Check([string]$Report) {
  $found = if ($Outcome -eq 7) { 'not healthy' } else { 'all reached' }
  Save-Value 'last-check' "$(Get-Now) $found"
  if (-not (Test-Enrolled $Keys)) { return }
  $address = Get-Setting 'address' (Get-OwnAddress)
  $more = ',"text_b64":"' + (ConvertTo-Base64 ($Bytes1.GetBytes($Report))) + '"'
  if ($address) { $more += ',"address":"' + $address + '"' }
  Add-Waiting 'network-check' (New-Payload 'network-check' $more)
  $result = Send-Waiting
  if ($result -eq 0) {
    $verdict = if ($Answer['state']) { $Answer['state'] } else { 'ok' }
    Say K-54 $verdict
    Save-Value 'last-check' "$(Get-Now) $verdict"
    Write-BotWords
  } else {
    Say K-55
    if ($Outcome -ne 7) { $script:Outcome = $result }
  }
}

# ------------------------------------------------------------------ connect

function Invoke-Connect {
  Assert-Agent
  Assert-Key
  Assert-Identity
  if (Test-Connected) { Stop-Kit 0 K-70 }
  [void](Send-Waiting) # what waits, before the new sign-in
  $minutes = [int](Get-Setting 'ready_minutes' '10')
  $waited = [Diagnostics.Stopwatch]::StartNew()
  $told = $false
  while ($waited.Elapsed.TotalMinutes -lt $minutes) {
    if (Send-Message (New-Payload 'ready' ',"mode":"connect"') (New-Id)) {
      if ($Do -ceq 'go') {
        if ($Answer['round'] -cnotmatch '\A[1-9][0-9]?\z') { Stop-Kit 1 K-17 }
        Invoke-Round ([int]$Answer['round'])
        $told = $false
        $waited.Restart()
        continue
      }
      if ($Do -ceq 'stop') {
        Write-BotWords
        Stop-Kit 6 K-21
      }
      if (-not $told) {
        Say K-60 (Get-Setting 'machine')
        # The bot's own way of saying the same needs no second line; another reason to wait does.
        if (-not ([string]$Answer[$Language]).Contains((Get-Setting 'machine'))) { Write-BotWords }
      }
      $told = $true
    }
    Wait-Between (Get-Setting 'ready_every' '5')
  }
  Stop-Kit 8 K-61 $minutes
}

function Start-Agent {
  $arguments = @('connect', '--use-device-code', '--tenant-id', (Get-Setting 'tenant_id'),
    '--subscription-id', (Get-Setting 'subscription_id'), '--resource-group', (Get-Setting 'resource_group'),
    '--location', (Get-Setting 'location'), '--resource-name', (Get-Setting 'machine'),
    '--cloud', (Get-Setting 'cloud' 'AzureCloud'))
  if (Get-Setting 'private_link_scope') { $arguments += '--private-link-scope', (Get-Setting 'private_link_scope') }
  if (Get-Setting 'gateway_id') { $arguments += '--gateway-id', (Get-Setting 'gateway_id') }
  if (Get-Setting 'tags') { $arguments += '--tags', (Get-Setting 'tags') }
  $script:Agent = Start-Program $AgentPath $arguments
  Save-Value 'run/agent' "$($Agent.Process.Id) $($Agent.Process.StartTime.ToUniversalTime().Ticks)"
}

# A kit that was killed could not stop its azcmagent, whose code nobody would hand over any more. Process numbers
# are used again: the time it started must be the same too, within what the system's clock allows.
function Stop-Leftover {
  if ((Read-Value 'run/agent') -cnotmatch '\A([0-9]+) ([0-9]+)\z') { return }
  $number, $ticks = [int]$Matches[1], [long]$Matches[2]
  try {
    $process = [Diagnostics.Process]::GetProcessById($number)
    $apart = [Math]::Abs($process.StartTime.ToUniversalTime().Ticks - $ticks)
  } catch { # no such process any more
    return
  }
  if ($apart -lt 20000000) { Stop-Tree $process }
}

function Stop-Agent {
  Stop-Tree $Agent.Process
  Complete-Agent
}

function Complete-Agent {
  Wait-Program $Agent
  $script:AgentExit = $Agent.ExitCode
  $script:AgentText = $Agent.Printed
  $script:Agent = $null
  [IO.File]::Delete((Get-StatePath 'run/agent'))
}

# One run of azcmagent. Returns for another round; ends the step with its result otherwise.
function Invoke-Round([int]$Round) {
  $script:Round = $Round
  $readUntil = 0
  $percent = ''
  $sent = $null
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $nextWatch = 0
  Say K-62 $Round
  Start-Agent
  while (-not $Agent.Process.HasExited) {
    Read-Program $Agent
    if ($null -eq $sent) {
      if (Test-Prompt) {
        $readUntil = [int]$Agent.Printed.Length
        if (-not (Send-Code $Round)) { return }
        $sent = [Diagnostics.Stopwatch]::StartNew()
      }
    } else {
      $seen = [regex]::Matches((Get-Printed $Agent $readUntil), '(?m)(?:^|\r) *([0-9]{1,3}%)')
      if ($seen.Count -gt 0 -and $seen[$seen.Count - 1].Groups[1].Value -cne $percent) {
        $percent = $seen[$seen.Count - 1].Groups[1].Value
        Say K-65 $percent
      }
    }
    if ($watch.Elapsed.TotalSeconds -ge $nextWatch) {
      $nextWatch = $watch.Elapsed.TotalSeconds + [int](Get-Setting 'watch_every' '3')
      if (-not (Watch-Round $Round)) { return }
    }
    Start-Sleep -Milliseconds 500
  }
  Complete-Agent
  $result = if ($sent -and $sent.Elapsed.TotalSeconds -ge 285) { 'timeout' } else { 'failed' }
  Complete-Round $Round $readUntil $result
}

function Test-Prompt { # an address for codes and, after it, a whole code
  (Get-Printed $Agent) -cmatch '(?s)https?://\S*device\S*\s.*[^A-Za-z0-9-][A-Z0-9]{8,10}[^A-Za-z0-9-]'
}

# The code leaves at once or is given up with its round. What azcmagent printed goes as it is.
function Send-Code([int]$Round) {
  $id = New-Id
  $payload = New-Payload 'device-code' (',"round":' + $Round + ',"text_b64":"' + (ConvertTo-Base64 $Agent.Printed.ToArray()) + '"')
  foreach ($attempt in 1, 2) {
    if (Send-Message $payload $id) {
      if ($Do -cne 'ok' -or $Answer['number'] -cnotmatch '\A[0-9]{4}\z') {
        Stop-Agent
        Write-BotWords
        Stop-Kit 6 K-21
      }
      Say K-63 $Answer['number']
      Say K-64
      return $true
    }
    if ($attempt -eq 1) { Start-Sleep -Milliseconds 1000 }
  }
  Stop-Agent
  Say K-69
  $false
}

function Watch-Round([int]$Round) { # false: this round is over, ask for the next
  if (-not (Send-Message (New-Payload 'watch' ",""round"":$Round") (New-Id))) { return $true }
  if ($Do -ceq 'renew') {
    Stop-Agent
    Say K-68
    return $false
  }
  if ($Do -ceq 'stop') {
    Stop-Agent
    Write-BotWords
    if ($AgentExit -eq 0) { Complete-Round $Round 0 'stopped' }
    Send-Outcome $Round 'stopped' ''
    Stop-Kit 6 K-21
  }
  $true
}

function Complete-Round([int]$Round, [int]$From, [string]$Result) { # where the output after the prompt begins
  $all = $AgentText.ToArray()
  $printed = $Bytes1.GetString($all, $From, $all.Length - $From)
  $printed = $printed -creplace '(the code[: ]+)[A-Z0-9]{8,10}', '$1[code removed]'
  if ($AgentExit -eq 0) {
    Say K-66
    Send-Outcome $Round 'connected' $printed
    Stop-Kit 0
  }
  Send-Outcome $Round $Result $printed
  $reason = if ($printed -cmatch 'AZCM[0-9]{4}') { $Matches[0] } else { $AgentExit }
  Stop-Kit 9 K-67 $reason
}

function Add-Outcome([int]$Round, [string]$Result, [string]$Printed) {
  $more = ',"round":' + $Round + ',"result":"' + $Result + '","exit_code":' + $AgentExit
  if ($Printed) { $more += ',"text_b64":"' + (ConvertTo-Base64 ($Bytes1.GetBytes($Printed))) + '"' }
  Add-Waiting 'outcome' (New-Payload 'outcome' $more)
}

function Send-Outcome([int]$Round, [string]$Result, [string]$Printed) {
  Add-Outcome $Round $Result $Printed
  if ((Send-Waiting) -ne 0) { Say K-96 @(Get-Waiting).Count }
}

# ------------------------------------------------------------------ arrive

function Invoke-Arrive {
  Assert-Agent
  Assert-Key
  Assert-Identity
  Save-Value 'place' 'site'
  Update-Key
  Set-Proxies (Get-Setting 'proxy_url')
  Invoke-Check
  Say K-86
}

# The old key registers the new one, which is on disk before; a number at this console confirms it. Run again after
# an interruption it goes on with the new key: the old one may be dead by then.
function Update-Key {
  $next = Get-StatePath 'key.next'
  Say K-80
  if (-not (Test-Enrolled $next)) { Register-Successor $next }
  Say K-63 (Read-Value 'key.next/number')
  Say K-64
  Say K-81 30
  $script:Keys = $next
  $waited = [Diagnostics.Stopwatch]::StartNew()
  while ($waited.Elapsed.TotalMinutes -lt 30) {
    if (Send-Message (New-Payload 'watch' ',"round":0') (New-Id)) {
      if ($Do -ceq 'ok') {
        Complete-Key $next
        Say K-82
        return
      }
      if ($Do -ceq 'stop') {
        Write-BotWords
        break
      }
    }
    Wait-Between (Get-Setting 'ready_every' '5')
  }
  Remove-ServerKey $next
  Stop-Kit 6 K-83
}

function Register-Successor([string]$Folder) {
  New-ServerKey $Folder
  $more = ',"publicKey":"' + (Get-PublicKey $Folder) + '","alg":"es256-p1363"'
  if (-not (Send-Message (New-Payload 'successor' $more) (New-Id))) { Stop-Kit 5 }
  if ($Do -cne 'ok' -or $Answer['kid'] -cnotmatch '\A[A-Za-z0-9_-]{1,64}\z' -or $Answer['number'] -cnotmatch '\A[0-9]{4}\z') {
    Write-BotWords
    Stop-Kit 6 K-21
  }
  Save-Value 'key.next/number' $Answer['number']
  Save-Value 'key.next/kid' $Answer['kid']
}

function Complete-Key([string]$Next) { # what is cut off between the two renames, Initialize-Kit finishes
  $script:Keys = Get-StatePath 'key'
  $old = Get-StatePath 'key.old'
  Save-Value 'key.next/promoted' 'yes'
  Remove-ServerKey $old
  [IO.Directory]::Move($Keys, $old)
  [IO.Directory]::Move($Next, $Keys)
  Remove-ServerKey $old
  foreach ($name in 'promoted', 'number') { [IO.File]::Delete([IO.Path]::Combine($Keys, $name)) }
}

# ------------------------------------------------------------------ status, report

function Invoke-Status {
  $key, $agent, $proxy = '-', '-', '-'
  if (Test-Enrolled $Keys) { $key = 'enrolled' }
  if (Test-Enrolled (Get-StatePath 'key.next')) { $key = 'successor-pending' }
  if (Test-Agent) {
    $agent = "$(Get-Shown 'Agent Status') $(Get-Shown 'Agent Version')"
    $proxy = "$(Get-AgentSetting 'proxy.url') bypass=$(Get-AgentSetting 'proxy.bypass')"
  }
  $last = Read-Value 'last-check' '-'
  if ($last -cmatch '\A([0-9]+) (.*)\z') {
    $at = [DateTimeOffset]::FromUnixTimeSeconds([long]$Matches[1]).ToLocalTime()
    $last = $at.ToString('yyyy-MM-dd HH:mm', [Globalization.CultureInfo]::InvariantCulture) + ' ' + $Matches[2]
  }
  $waiting = @(Get-Waiting).Count
  if ($Text -or $Option -ceq '--text') {
    Write-Host "$(Get-Setting 'machine') ($(Get-Setting 'site'))"
    foreach ($line in "key: $key", "agent: $agent", "proxy: $proxy", "last check: $last", "waiting: $waiting") { Write-Host $line }
    return
  }
  Say K-90 $key
  Say K-91 $agent
  Say K-92 $proxy
  Say K-93 $last
  Say K-94 $waiting
}

function Invoke-Report {
  Assert-Key
  $result = Send-Waiting
  $count = $Sent
  if ($result -eq 0) {
    $mde = if (Test-Running 'MsSense') { 'running' } else { 'unknown' }
    $ama = if (Test-Running 'MonAgentCore') { 'running' } else { 'unknown' }
    $more = ',"mde":"' + $mde + '","ama":"' + $ama + '"'
    if (Test-Agent) {
      $shown = (Invoke-Program $AgentPath @('show')).Text
      $more += ',"text_b64":"' + (ConvertTo-Base64 ($Bytes1.GetBytes($shown))) + '"'
    }
    if (-not (Send-Message (New-Payload 'status' $more) (New-Id))) { $result = 5 }
    elseif ($Do -ceq 'stop') {
      Write-BotWords
      $result = 6
    }
  }
  if ($count -gt 0) { Say K-95 $count }
  $waiting = @(Get-Waiting).Count
  if ($waiting -gt 0) { Say K-96 $waiting }
  Stop-Kit $result
}

# ------------------------------------------------------------------

function Complete-Interrupted { # Ctrl+C: what runs is stopped, and the bot is told
  Say K-09
  if ($Agent) {
    Stop-Agent
    if ($AgentExit -ne 0) { Add-Outcome $Round 'stopped' '' }
    [void](Send-Waiting)
  }
  Stop-Kit 130
}

$Outcome = 0
$Agent = $null
$Lock = $null
$Texts['K-26'] = 'Unexpected ({1})' # until the texts are read
try {
  Initialize-Kit
  if ($Verb -ceq 'status') {
    Invoke-Status
    Stop-Kit 0
  }
  if ('prepare', 'check', 'connect', 'arrive', 'report' -cnotcontains $Verb) { Stop-Kit 2 K-07 'Onboard' }
  Enter-Lock
  Stop-Leftover
  foreach ($path in [IO.Directory]::GetFiles((Get-StatePath 'run'))) { [IO.File]::Delete($path) }
  Say K-01 (Get-Setting 'machine') (Get-Setting 'site') $Verb
  switch -CaseSensitive ($Verb) {
    'prepare' { Invoke-Prepare }
    'check' { Invoke-Check }
    'connect' { Invoke-Connect }
    'arrive' { Invoke-Arrive }
    'report' { Invoke-Report }
  }
  Stop-Kit $Outcome
} catch {
  # Kind and line alone: the words of an error may quote what was being worked on.
  $at = $_.InvocationInfo
  if ($Agent) { Stop-Tree $Agent.Process }
  $kind = $_.Exception.GetBaseException().GetType().Name
  Stop-Kit 1 K-26 "$kind, $([IO.Path]::GetFileName($at.ScriptName)):$($at.ScriptLineNumber)"
} finally {
  if (-not $Ended) { Complete-Interrupted }
  if ($Lock) { $Lock.Dispose() }
}
