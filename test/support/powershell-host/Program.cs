using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PowerShellHost;

/// <summary>Runs one script file in the PowerShell engine, as `pwsh -NoProfile -File` would.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0) return Refuse("powershell-host <file.ps1> [arguments]");
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Write-Host", typeof(WriteHostCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Start-Sleep", typeof(StartSleepCommand), null));
        var host = new ConsoleHost();
        using Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(Path.GetFullPath(arguments[0]));
        foreach (string argument in arguments.Skip(1)) Add(shell, argument);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            shell.BeginStop(null, null);
        };
        try
        {
            foreach (PSObject value in shell.Invoke()) Console.Out.WriteLine(value);
        }
        catch (PipelineStoppedException)
        {
            return 130;
        }
        catch (RuntimeException error)
        {
            return Refuse($"{error.GetType().Name}: {error.Message}\n{error.ErrorRecord.ScriptStackTrace}");
        }
        foreach (ErrorRecord error in shell.Streams.Error) Console.Error.WriteLine(error);
        return host.ExitCode ?? Convert.ToInt32(runspace.SessionStateProxy.GetVariable("LASTEXITCODE") ?? 0);
    }

    /// <summary>A word that begins with one dash and a letter is a switch, as on PowerShell's command line.</summary>
    private static void Add(PowerShell shell, string argument)
    {
        if (argument.Length > 1 && argument[0] == '-' && char.IsLetter(argument[1])) shell.AddParameter(argument[1..]);
        else shell.AddArgument(argument);
    }

    private static int Refuse(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }
}
