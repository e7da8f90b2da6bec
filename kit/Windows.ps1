# What Onboard.ps1 needs of the machine it runs on: who it is, where its private key lives, values of the registry,
# processes, and connections tried layer by layer. Dot-sourced by Onboard.ps1. Where a function has a branch for
# "elsewhere", it is so that the script's tests run on another system: files in one folder stand for the machine.

# ------------------------------------------------------------------ this server

function Test-Administrator {
  if (-not $OnWindows) { return [bool]$Root }
  $who = [Security.Principal.WindowsPrincipal]::new([Security.Principal.WindowsIdentity]::GetCurrent())
  $who.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# Beside programs: only administrators can make a folder there, so nobody can have filled it before.
function Get-DefaultState { [IO.Path]::Combine((Get-ProgramFiles), 'ArcOnboardingKit') }

function Get-ProgramFiles { # the 64-bit one, also in a 32-bit PowerShell
  $folder = [Environment]::GetEnvironmentVariable('ProgramW6432')
  if ($folder) { $folder } else { [Environment]::GetFolderPath('ProgramFiles') }
}

function Get-Identity { # sets Serial and Uuid
  $folder = Get-Setting 'dmi_dir'
  if ($folder) {
    $script:Serial = [IO.File]::ReadAllText([IO.Path]::Combine($folder, 'product_serial')).Trim()
    $script:Uuid = [IO.File]::ReadAllText([IO.Path]::Combine($folder, 'product_uuid')).Trim()
  } else {
    $script:Serial = ([string](Get-CimInstance -ClassName Win32_BIOS).SerialNumber).Trim()
    $script:Uuid = ([string](Get-CimInstance -ClassName Win32_ComputerSystemProduct).UUID).Trim()
  }
}

function Assert-Identity { # is this the server the kit was made for?
  Get-Identity
  $expected = Get-Setting 'serial'
  if (-not [string]::Equals($Serial, $expected, [StringComparison]::OrdinalIgnoreCase)) { Stop-Kit 4 K-08 $expected $Serial }
  if ($Uuid -cnotmatch '\A[A-Za-z0-9-]{8,64}\z') { Stop-Kit 4 K-08 $expected 'UUID' }
}

function Get-OwnAddress { # the first IPv4 address of an interface that leads somewhere
  foreach ($one in [Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
    if ($one.OperationalStatus -cne 'Up' -or $one.NetworkInterfaceType -ceq 'Loopback') { continue }
    $properties = $one.GetIPProperties()
    if ($properties.GatewayAddresses.Count -eq 0) { continue }
    foreach ($address in $properties.UnicastAddresses) {
      if ($address.Address.AddressFamily -ceq 'InterNetwork') { return $address.Address.ToString() }
    }
  }
  ''
}

# ------------------------------------------------------------------ files that only administrators read

function Protect-Folder([string]$Path) {
  [void][IO.Directory]::CreateDirectory($Path)
  if (-not $OnWindows) {
    [IO.File]::SetUnixFileMode($Path, 'UserRead, UserWrite, UserExecute')
    return
  }
  # SYSTEM and Administrators by their well-known SIDs: their names differ by language.
  $icacls = [IO.Path]::Combine([Environment]::SystemDirectory, 'icacls.exe')
  $ran = Invoke-Program $icacls @($Path, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F')
  if ($ran.ExitCode -ne 0) { Stop-Kit 3 K-02 $Path }
}

function Protect-File([string]$Path) { # on Windows its folder's rights are its own
  if (-not $OnWindows) { [IO.File]::SetUnixFileMode($Path, 'UserRead, UserWrite') }
}

# ------------------------------------------------------------------ this server's key (P-256)

# On Windows a named key of the machine in CNG that cannot be exported; its name stands in the folder. Elsewhere a
# file with X, Y and D. The name or file is on disk before anything is asked with the key.
function New-ServerKey([string]$Folder) {
  if (Test-ServerKey $Folder) { return }
  Protect-Folder $Folder
  Save-Bytes ([IO.Path]::Combine($Folder, 'seq')) ($Utf8.GetBytes("0`n"))
  if ($OnWindows) {
    $name = 'ArcOnboardingKit-' + (New-Id)
    $how = [Security.Cryptography.CngKeyCreationParameters]::new()
    $how.Provider = [Security.Cryptography.CngProvider]::MicrosoftSoftwareKeyStorageProvider
    $how.KeyCreationOptions = [Security.Cryptography.CngKeyCreationOptions]::MachineKey
    $how.ExportPolicy = [Security.Cryptography.CngExportPolicies]::None
    $made = [Security.Cryptography.CngKey]::Create([Security.Cryptography.CngAlgorithm]::ECDsaP256, $name, $how)
    $made.Dispose()
    Save-Bytes (Get-KeyFile $Folder) ($Utf8.GetBytes("$name`n"))
  } else {
    $key = [Security.Cryptography.ECDsa]::Create()
    $key.KeySize = 256
    $parts = $key.ExportParameters($true)
    Save-Bytes (Get-KeyFile $Folder) ($parts.Q.X + $parts.Q.Y + $parts.D)
  }
}

function Get-KeyFile([string]$Folder) { [IO.Path]::Combine($Folder, 'key') }
function Test-ServerKey([string]$Folder) { [IO.File]::Exists((Get-KeyFile $Folder)) }
function Test-Enrolled([string]$Folder) { (Test-ServerKey $Folder) -and [IO.File]::Exists([IO.Path]::Combine($Folder, 'kid')) }

function Open-CngKey([string]$Folder) {
  $name = [IO.File]::ReadAllText((Get-KeyFile $Folder)).Trim()
  $provider = [Security.Cryptography.CngProvider]::MicrosoftSoftwareKeyStorageProvider
  [Security.Cryptography.CngKey]::Open($name, $provider, [Security.Cryptography.CngKeyOpenOptions]::MachineKey)
}

function Open-ServerKey([string]$Folder) {
  if ($OnWindows) { return [Security.Cryptography.ECDsaCng]::new((Open-CngKey $Folder)) }
  $bytes = [IO.File]::ReadAllBytes((Get-KeyFile $Folder))
  $parts = New-PublicParts $bytes[0..31] $bytes[32..63]
  $parts.D = [byte[]]$bytes[64..95]
  $key = [Security.Cryptography.ECDsa]::Create()
  $key.ImportParameters($parts)
  $key
}

function Remove-ServerKey([string]$Folder) {
  if (-not [IO.Directory]::Exists($Folder)) { return }
  if ($OnWindows -and (Test-ServerKey $Folder)) {
    try { (Open-CngKey $Folder).Delete() } catch [Security.Cryptography.CryptographicException] { } # gone already
  }
  [IO.Directory]::Delete($Folder, $true)
}

# SubjectPublicKeyInfo of a P-256 key is these 26 bytes (RFC 5480), then 04, X and Y.
$SpkiPrefix = [Convert]::FromBase64String('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=')

function Get-PublicKey([string]$Folder) {
  $key = Open-ServerKey $Folder
  try { $q = $key.ExportParameters($false).Q } finally { $key.Dispose() }
  [Convert]::ToBase64String([byte[]]($SpkiPrefix + [byte[]]@(4) + $q.X + $q.Y))
}

function New-PublicParts([byte[]]$X, [byte[]]$Y) {
  $point = [Security.Cryptography.ECPoint]::new()
  $point.X = $X
  $point.Y = $Y
  $parts = [Security.Cryptography.ECParameters]::new()
  $parts.Curve = [Security.Cryptography.ECCurve+NamedCurves]::nistP256
  $parts.Q = $point
  $parts
}

function Get-Hash([byte[]]$Content) { [Security.Cryptography.SHA256]::Create().ComputeHash($Content) }

function Get-Signature([string]$Folder, [string]$Text) { # 64 bytes (IEEE P1363), in base64
  $key = Open-ServerKey $Folder
  try { [Convert]::ToBase64String($key.SignHash((Get-Hash ($Utf8.GetBytes($Text))))) } finally { $key.Dispose() }
}

function Test-Signature([string]$PublicKey, [byte[]]$Content, [byte[]]$Signature) { # SPKI in base64
  if (-not $PublicKey) { return $false }
  try { $spki = [Convert]::FromBase64String($PublicKey) } catch [FormatException] { return $false }
  if ($spki.Length -ne 91 -or $Signature.Length -ne 64) { return $false }
  if ([BitConverter]::ToString($spki, 0, 27) -cne [BitConverter]::ToString([byte[]]($SpkiPrefix + [byte[]]@(4)))) { return $false }
  $key = [Security.Cryptography.ECDsa]::Create()
  try {
    $key.ImportParameters((New-PublicParts $spki[27..58] $spki[59..90]))
    $key.VerifyHash((Get-Hash $Content), $Signature)
  } catch [Security.Cryptography.CryptographicException] { # not a point of the curve
    $false
  } finally {
    $key.Dispose()
  }
}

# ------------------------------------------------------------------ the registry (HKEY_LOCAL_MACHINE, 64-bit)

function Get-MachineValue([string]$Key, [string]$Name) { # nothing where there is none
  if (-not $OnWindows) {
    $path = [IO.Path]::Combine($Root, 'registry', $Key.Replace('\', '/'), $Name)
    if ([IO.File]::Exists($path)) { return [IO.File]::ReadAllText($path) }
    return ''
  }
  $opened = (Open-LocalMachine).OpenSubKey($Key)
  if ($null -eq $opened) { return '' }
  try { [string]$opened.GetValue($Name) } finally { $opened.Dispose() }
}

function Set-MachineValue([string]$Key, [string]$Name, $Value) { # a number becomes a DWORD; nothing deletes it
  if (-not $OnWindows) {
    $folder = [IO.Path]::Combine($Root, 'registry', $Key.Replace('\', '/'))
    [void][IO.Directory]::CreateDirectory($folder)
    if ($null -eq $Value) { [IO.File]::Delete([IO.Path]::Combine($folder, $Name)) }
    else { [IO.File]::WriteAllText([IO.Path]::Combine($folder, $Name), [string]$Value) }
    return
  }
  $opened = (Open-LocalMachine).CreateSubKey($Key)
  try {
    if ($null -eq $Value) { $opened.DeleteValue($Name, $false) }
    elseif ($Value -is [int]) { $opened.SetValue($Name, $Value, [Microsoft.Win32.RegistryValueKind]::DWord) }
    else { $opened.SetValue($Name, [string]$Value, [Microsoft.Win32.RegistryValueKind]::String) }
  } finally {
    $opened.Dispose()
  }
}

function Open-LocalMachine {
  [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry64)
}

# ------------------------------------------------------------------ other programs

# What a program prints stays in this process's memory: no file of it exists. It is read as bytes, in blocks, never
# by lines (a prompt may have no newline). No argument holds a quote or ends in a backslash: their forms forbid it.
function Start-Program([string]$Path, [string[]]$Arguments) {
  $start = [Diagnostics.ProcessStartInfo]::new($Path)
  $start.Arguments = ($Arguments | ForEach-Object { if ($_ -cmatch ' ') { '"' + $_ + '"' } else { $_ } }) -join ' '
  $start.UseShellExecute = $false
  $start.RedirectStandardInput = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  $process = [Diagnostics.Process]::Start($start)
  $process.StandardInput.Dispose()
  $streams = foreach ($stream in $process.StandardOutput.BaseStream, $process.StandardError.BaseStream) {
    $buffer = [byte[]]::new(4096)
    @{ Stream = $stream; Buffer = $buffer; Reading = $stream.ReadAsync($buffer, 0, $buffer.Length); Open = $true }
  }
  @{ Process = $process; Streams = $streams; Printed = [IO.MemoryStream]::new(); ExitCode = 0 }
}

function Read-Program($Program) { # takes over what was printed by now
  foreach ($one in $Program.Streams) {
    while ($one.Open -and $one.Reading.IsCompleted) {
      $count = if ($one.Reading.IsFaulted) { 0 } else { $one.Reading.Result }
      $one.Open = $count -gt 0
      if (-not $one.Open) { break }
      $Program.Printed.Write($one.Buffer, 0, $count)
      $one.Reading = $one.Stream.ReadAsync($one.Buffer, 0, $one.Buffer.Length)
    }
  }
}

function Get-Printed($Program, [int]$From = 0) { # as text of one character a byte
  $all = $Program.Printed.ToArray()
  $Bytes1.GetString($all, $From, $all.Length - $From)
}

function Wait-Program($Program) { # until it ended and, for 2 seconds more, what it printed has come
  while (-not $Program.Process.WaitForExit(50)) { Read-Program $Program }
  for ($patience = 200; $patience -gt 0; $patience -= 1) {
    Read-Program $Program
    if (@($Program.Streams | Where-Object { $_.Open }).Count -eq 0) { break }
    Start-Sleep -Milliseconds 10
  }
  $Program.ExitCode = $Program.Process.ExitCode
}

function Invoke-Program([string]$Path, [string[]]$Arguments) { # runs to its end
  $program = Start-Program $Path $Arguments
  Wait-Program $program
  @{ ExitCode = $program.ExitCode; Text = (Get-Printed $program) }
}

function Stop-Tree($Process) { # a program and what it started
  if ($Process.HasExited) { return }
  if ($OnWindows) {
    $taskkill = [IO.Path]::Combine([Environment]::SystemDirectory, 'taskkill.exe')
    [void](Invoke-Program $taskkill @('/PID', [string]$Process.Id, '/T', '/F'))
  } else {
    $Process.Kill($true)
  }
}

function Test-Running([string]$Name) {
  $OnWindows -and [Diagnostics.Process]::GetProcessesByName($Name).Length -gt 0
}

# ------------------------------------------------------------------ azcmagent and the proxies

function Test-Agent { [IO.File]::Exists($AgentPath) }
function Assert-Agent { if (-not (Test-Agent)) { Stop-Kit 3 K-44 $AgentPath } }
function Assert-Key { if (-not (Test-Enrolled $Keys)) { Stop-Kit 4 K-29 } }

function Get-Shown([string]$Name) { # one line of azcmagent show
  if ((Invoke-Program $AgentPath @('show')).Text -cmatch "(?m)^ *$Name *:[ \t]*([^\r\n]*)") { $Matches[1].Trim() } else { '' }
}

function Test-Connected { (Test-Agent) -and [bool](Get-Shown 'Resource Id') }

function Get-AgentSetting([string]$Name) {
  (Invoke-Program $AgentPath @('config', 'get', $Name)).Text -creplace '[\[\]\r\n]', ''
}

function Set-AgentSetting([string]$Name, [string]$Value) { # sets or clears it where it differs, and shows it
  $before = Get-AgentSetting $Name
  if (-not $Value -and -not $before) { return }
  if ($before -cne $Value) {
    $action = if ($Value) { @('config', 'set', $Name, $Value) } else { @('config', 'clear', $Name) }
    if ((Invoke-Program $AgentPath $action).ExitCode -ne 0) { Stop-Kit 9 K-46 $Name }
  }
  $after = if ($Value) { $Value } else { '-' }
  if ($Verb -ceq 'arrive' -and $before -ceq $after) {
    Say K-85 $Name
    return
  }
  $was = if ($before) { $before } else { '-' }
  if ($Verb -ceq 'arrive') { Say K-84 $Name $was }
  foreach ($one in $after.Split(',')) { Say K-45 $Name $one }
}

# The agent's proxy does not reach MDE, which gets its own here; AMA's is a setting of its extension in Azure.
# https://learn.microsoft.com/defender-endpoint/configure-proxy-internet
function Set-Proxies([string]$Proxy) { # proxy URL, or nothing
  $key = 'SOFTWARE\Policies\Microsoft\Windows\DataCollection'
  $shown = if ($Proxy) { $Proxy } else { '-' }
  Set-AgentSetting 'proxy.url' $Proxy
  Set-AgentSetting 'proxy.bypass' (Get-Setting 'proxy_bypass')
  Set-AgentSetting 'extensions.allowlist' (Get-Setting 'extensions_allowlist')
  Say K-27 $shown
  $before = Get-MachineValue $key 'TelemetryProxyServer'
  $wanted = if ($Proxy) { ([Uri]$Proxy).Host + ':' + ([Uri]$Proxy).Port } else { '' }
  if ($before -and $before -cne $wanted -and -not (Read-Value 'mde-proxy-ours')) {
    Say K-48 'TelemetryProxyServer'
    return
  }
  Save-Value 'mde-proxy-ours' 'yes'
  if ($wanted) {
    Set-MachineValue $key 'TelemetryProxyServer' $wanted
    Set-MachineValue $key 'DisableEnterpriseAuthProxy' 1
  } elseif ($before) {
    Set-MachineValue $key 'TelemetryProxyServer' $null
    Set-MachineValue $key 'DisableEnterpriseAuthProxy' $null
  }
  Say K-47 'MDE' $shown
}

# ------------------------------------------------------------------ connections, layer by layer

# One line for the bot: how far a connection gets. `detail` says it as curl would (exit code, the proxy's answer to
# CONNECT), because the bot reads those from kits of both systems; then, over TLS, who issued the certificate.
function Get-Probe([string]$Name, [string]$HostName, [int]$Port, [bool]$Tls, [string]$Proxy) {
  $script:Probe = @{ Dns = 'ok'; Tcp = 'skip'; Tls = 'skip'; Curl = 0; Said = '000'; Issuer = '' }
  $via = 'direct'
  $at, $atPort = $HostName, $Port
  if ($Proxy) {
    $via = 'proxy'
    $uri = [Uri]$Proxy
    $at, $atPort = $uri.Host, $uri.Port
  }
  $client = $null
  try {
    $client = Connect-Probe $at $atPort ([bool]$Proxy)
    if ($client -and $Proxy -and $Tls) { Open-Tunnel $client.GetStream() $HostName $Port }
    if ($client -and $Tls -and $Probe.Tcp -ceq 'ok') { Open-Tls $client.GetStream() $HostName }
  } finally {
    if ($client) { $client.Close() }
  }
  $detail = "curl $($Probe.Curl), connect $($Probe.Said), http 000"
  if ($Probe.Issuer) { $detail += ", issuer $($Probe.Issuer)" }
  "PROBE name=$Name host=$HostName port=$Port via=$via dns=$($Probe.Dns) tcp=$($Probe.Tcp) tls=$($Probe.Tls) detail=$detail"
}

function Connect-Probe([string]$HostName, [int]$Port, [bool]$IsProxy) {
  if ($IsProxy) { $Probe.Dns = 'skip' } # the proxy resolves the name of the endpoint
  try {
    $looking = [Net.Dns]::GetHostAddressesAsync($HostName)
    if (-not $looking.Wait(8000) -or $looking.Result.Length -eq 0) { throw [TimeoutException]::new() }
  } catch {
    $Probe.Curl = 5
    $Probe.Tcp = 'fail'
    if (-not $IsProxy) { $Probe.Dns, $Probe.Tcp, $Probe.Curl = 'fail', 'skip', 6 }
    return $null
  }
  $Probe.Tcp = 'fail'
  $Probe.Curl = 7
  foreach ($address in @($looking.Result)[0..([Math]::Min(3, $looking.Result.Length) - 1)]) {
    $client = [Net.Sockets.TcpClient]::new($address.AddressFamily)
    $client.ReceiveTimeout = 8000
    $client.SendTimeout = 8000
    try {
      if ($client.ConnectAsync($address, $Port).Wait(5000)) {
        $Probe.Tcp, $Probe.Curl = 'ok', 0
        return $client
      }
      $Probe.Curl = 28
    } catch {
      $Probe.Curl = 7
    }
    $client.Close()
  }
  $null
}

function Open-Tunnel($Stream, [string]$HostName, [int]$Port) {
  $Probe.Tcp = 'fail'
  $Probe.Curl = 56
  $ask = $Utf8.GetBytes("CONNECT ${HostName}:$Port HTTP/1.1`r`nHost: ${HostName}:$Port`r`n`r`n")
  $head = [Text.StringBuilder]::new()
  try {
    $Stream.Write($ask, 0, $ask.Length)
    while ($head.Length -lt 8192 -and -not $head.ToString().EndsWith("`r`n`r`n", [StringComparison]::Ordinal)) {
      $byte = $Stream.ReadByte()
      if ($byte -lt 0) { break }
      [void]$head.Append([char]$byte)
    }
  } catch [IO.IOException] {
    $Probe.Curl = 28
    return
  }
  if ($head.ToString() -cmatch '\AHTTP/1[.][01] ([0-9]{3})[ \r]') { $Probe.Said = $Matches[1] }
  if ($Probe.Said -ceq '200') { $Probe.Tcp, $Probe.Curl = 'ok', 0 }
}

function Open-Tls($Stream, [string]$HostName) {
  $Probe.Tls = 'fail'
  $Probe.Curl = 35
  # Takes note of what is wrong and refuses it: the answer is the system's own verdict, never more lenient.
  $note = [Net.Security.RemoteCertificateValidationCallback] {
    param($stream, $certificate, $chain, $errors)
    if ($certificate) { $Probe.Issuer = ([string]$certificate.Issuer -creplace '[^\x20-\x7e]', '?') }
    if ("$errors" -cmatch 'RemoteCertificateNameMismatch') { $Probe.Curl = 51 }
    if ("$errors" -cmatch 'RemoteCertificateChainErrors') { $Probe.Curl = 60 }
    "$errors" -ceq 'None'
  }
  $secured = [Net.Security.SslStream]::new($Stream, $true, $note)
  try {
    $secured.AuthenticateAsClient($HostName, $null, [Security.Authentication.SslProtocols]::Tls12, $false)
    $Probe.Tls, $Probe.Curl = 'ok', 0
  } catch {
    $Probe.Tls = 'fail'
  } finally {
    $secured.Dispose()
  }
}
