using System.Management.Automation;

namespace PowerShellHost;

/// <summary>Microsoft.PowerShell.Utility is not in the engine's package: its two commands that the kit uses.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public object? Object { get; set; }

    protected override void ProcessRecord() => Console.Out.WriteLine(Object);
}

[Cmdlet(VerbsLifecycle.Start, "Sleep")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim stopped = new();

    [Parameter(Mandatory = true)]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord() => stopped.Wait(Milliseconds);
    protected override void StopProcessing() => stopped.Set();
    public void Dispose() => stopped.Dispose();
}
