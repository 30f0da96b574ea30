using System.Runtime.InteropServices;

namespace Amoe.Host.Running;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the process at once. Nothing that was acknowledged is lost either way.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static volatile bool _isEndingAtOnce;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _asked;
    private readonly Action _atOnce;
    private int _signals;

    /// <summary>True once the process ends as it is: what then fails, because what it stood on is gone, is no news.</summary>
    public static bool IsEndingAtOnce => _isEndingAtOnce;

    /// <param name="asked">Called at the first signal.</param>
    /// <param name="atOnce">Called at the second, before the process ends.</param>
    /// <param name="ignoresInterrupt">Ctrl-C goes to every process of a terminal: true for one whose end is another's to say.</param>
    public StopSignal(Action asked, Action atOnce, bool ignoresInterrupt = false)
    {
        (_asked, _atOnce) = (asked, atOnce);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, ignoresInterrupt ? context => context.Cancel = true : On), PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            _asked();
            _source.Cancel();
        }
        else
        {
            _isEndingAtOnce = true;
            _atOnce();
            Environment.Exit(ExitCode.Stopped);
        }
    }
}
