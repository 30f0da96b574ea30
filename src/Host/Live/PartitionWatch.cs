using Amoe.Host.Telemetry;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Live;

/// <summary>
/// Writes one line when partitions stop taking commands, and one when all of them do again: a full disk would otherwise
/// be seen by callers alone.
/// </summary>
internal sealed class PartitionWatch : IAsyncDisposable
{
    /// <summary>How often it looks. A partition that is started again within it is not worth a line.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Func<string?> _whyNot;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    /// <param name="whyNot">Why commands are not taken; null while they are.</param>
    public PartitionWatch(Func<string?> whyNot, TimeProvider time, ILogger log)
    {
        (_whyNot, _time, _log) = (whyNot, time, log);
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        long? since = null;
        try
        {
            while (true)
            {
                await Task.Delay(LookEvery, _time, _ended.Token);
                var whyNot = _whyNot();
                if (whyNot is not null && since is null)
                {
                    since = _time.GetTimestamp();
                    _log.PartitionsAway(whyNot);
                }
                else if (whyNot is null && since is { } began)
                {
                    since = null;
                    _log.PartitionsBack((long)_time.GetElapsedTime(began).TotalSeconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }
}
