namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// A thread that notices when the process was frozen: the monotonic clock has advanced by more than the thread waited.
/// It does nothing else, so that a slow server is not taken for a frozen process.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly TimeSpan _tolerated;
    private readonly Action<TimeSpan> _stoodStill;
    private readonly Thread _watching;
    private readonly ManualResetEventSlim _ended = new();
    private long _last;

    /// <param name="stoodStill">Called once, on the watchdog's thread: how long the process was frozen.</param>
    public Watchdog(TimeProvider time, TimeSpan tolerated, Action<TimeSpan> stoodStill)
    {
        (_time, _tolerated, _stoodStill, _last) = (time, tolerated, stoodStill, time.GetTimestamp());
        _watching = new Thread(Watch) { Name = "watchdog", IsBackground = true };
        _watching.Start();
    }

    public void Dispose()
    {
        _ended.Set();
        _watching.Join();
    }

    private void Watch()
    {
        while (!_ended.Wait(_lookEvery))
        {
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(_last, now) is var gone && gone > _tolerated)
            {
                _stoodStill(gone);
                return;
            }

            _last = now;
        }
    }
}
