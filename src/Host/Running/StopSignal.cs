using System.Runtime.InteropServices;

namespace Amoe.Host.Running;

/// <summary>
/// Ctrl-C and SIGTERM. They end the process at once, unless a verb has something to finish: then the first asks for a
/// clean stop, and a second, or a stop
/// that takes too long, ends the process at once. Nothing that was acknowledged is lost either way.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    /// <summary>A day of the largest scale ends within it; a store that hangs does not.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);

    /// <summary>The last words go to standard error, and its reader may have stopped.</summary>
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(1);

    private static volatile bool _isEndingAtOnce;
    private static volatile StopSignal? _current;
    private static PosixSignalRegistration[] _registrations = [];

    private readonly CancellationTokenSource _source = new();
    private readonly TimeProvider _time;
    private readonly Action _asked;
    private readonly Action _atOnce;
    private readonly bool _ignoresInterrupt;
    private ITimer? _patience;
    private int _signals;

    /// <param name="asked">Called at the first signal.</param>
    /// <param name="atOnce">Called before the process ends at once.</param>
    /// <param name="ignoresInterrupt">Ctrl-C goes to every process of a terminal: true for one that its parent
    /// ends.</param>
    public StopSignal(TimeProvider time, Action asked, Action atOnce, bool ignoresInterrupt = false)
    {
        (_time, _asked, _atOnce, _ignoresInterrupt) = (time, asked, atOnce, ignoresInterrupt);
        _current = this;
    }

    /// <summary>True once the process ends as it is: what then fails is a consequence, and not reported.</summary>
    public static bool IsEndingAtOnce => _isEndingAtOnce;

    public CancellationToken Token => _source.Token;

    /// <summary>Listens from now on. Before, the system's default ends the process.</summary>
    public static void Listen() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)
        ];

    /// <summary>Ends the grace for pending work: signals end the process at once again.</summary>
    public void Dispose()
    {
        _current = null;
        _patience?.Dispose();
    }

    private static void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_current is not { } current)
            EndAtOnce(() => { });
        else if (!current._ignoresInterrupt || context.Signal != PosixSignal.SIGINT)
            current.Ask();
    }

    private static void EndAtOnce(Action atOnce)
    {
        _isEndingAtOnce = true;
        Task.Run(atOnce).Wait(LastWordsPatience);
        Environment.Exit(ExitCode.Stopped);
    }

    private void Ask()
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            EndAtOnce(_atOnce);
            return;
        }

        // First: what follows may wait for standard error.
        _patience = _time.CreateTimer(_ => EndAtOnce(_atOnce), null, StopPatience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
        _asked();
    }
}
