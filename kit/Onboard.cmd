@echo off
rem Runs Onboard.ps1 beside this file as administrator. Double-click it, or: Onboard.cmd check
rem Bypass: the kit comes in a zip from the chat, and Windows marks what comes from there. Only this one
rem PowerShell is started so; a policy of the company (AllSigned by group policy) still decides.
setlocal
set "KIT_STEP="
set "KIT_PAUSE=%~2"
for %%S in (prepare check connect arrive status report) do if /i "%~1"=="%%S" set "KIT_STEP=%%S"
if defined KIT_STEP goto chosen
set "KIT_PAUSE=pause"
echo   1 prepare   2 check   3 connect   4 arrive   5 status   6 report
"%SystemRoot%\System32\choice.exe" /c 123456 /n /m "Step (1-6): "
for /f "tokens=%ERRORLEVEL%" %%S in ("prepare check connect arrive status report") do set "KIT_STEP=%%S"
if not defined KIT_STEP exit /b 2
:chosen
set "KIT_SHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
set "KIT_SELF=%~f0"
"%SystemRoot%\System32\fltmc.exe" >nul 2>&1
if errorlevel 1 (
  "%KIT_SHELL%" -NoProfile -Command "Start-Process -FilePath $env:KIT_SELF -ArgumentList $env:KIT_STEP, 'pause' -Verb RunAs"
  exit /b
)
"%KIT_SHELL%" -NoProfile -ExecutionPolicy Bypass -File "%~dp0Onboard.ps1" %KIT_STEP%
set "KIT_CODE=%ERRORLEVEL%"
if "%KIT_PAUSE%"=="pause" pause
exit /b %KIT_CODE%
