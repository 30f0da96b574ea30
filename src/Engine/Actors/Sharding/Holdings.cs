using System.Collections.Concurrent;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The partitions that a host holds, as the database has it. No other host takes one until it was handed back, or until
/// this host was not heard of for so long that it answers nothing from memory any more.
/// </summary>
/// <remarks>
/// Statements follow each other on one connection. At a start or a fail-over every partition has one: each on a blocked
/// thread of the pool would be all of its threads.
/// </remarks>
internal sealed class Holdings(PostgresHosts hosts, long host, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _againAfter = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _ended = new();

    // Partitions that could not be handed back yet: a holder that lives keeps every other host out.
    private readonly ConcurrentDictionary<int, bool> _left = [];

    /// <summary>Takes a partition for this host.</summary>
    /// <returns>
    /// False where another host may still speak for it, and where the database does not answer: it is tried again.
    /// </returns>
    public Task<bool> TryTakeAsync(int partition)
    {
        _left.TryRemove(partition, out _);
        return AskAsync(() => hosts.TryHold(partition, host));
    }

    /// <summary>
    /// Hands a partition back that this host speaks for no more. Where the database does not answer that goes on in the
    /// background.
    /// </summary>
    public async Task HandBackAsync(int partition)
    {
        _left[partition] = true;
        if (!await TryHandBackAsync(partition))
            _ = HandBackLaterAsync(partition);
    }

    /// <summary>
    /// Hands back what this host holds by the database alone. Where that fails it is asked for again.
    /// </summary>
    /// <param name="isHere">
    /// Looked at when no statement is under way: a partition that has come meanwhile takes it after this, or has it
    /// already.
    /// </param>
    public Task LetGoAsync(int partition, Func<bool> isHere) => AskAsync(() =>
    {
        if (!isHere())
            hosts.HandBack(partition, host);
        return true;
    });

    public void Dispose() => _ended.Cancel();

    private async Task HandBackLaterAsync(int partition)
    {
        do
            await Task.Delay(_againAfter, time, CancellationToken.None);
        while (!_ended.IsCancellationRequested && !await TryHandBackAsync(partition));
    }

    /// <summary>One that came back to this host meanwhile is kept.</summary>
    private Task<bool> TryHandBackAsync(int partition) => AskAsync(() =>
    {
        if (_left.ContainsKey(partition))
            hosts.HandBack(partition, host);
        return true;
    });

    private async Task<bool> AskAsync(Func<bool> ask)
    {
        await _gate.WaitAsync();
        try
        {
            return await Task.Run(ask);
        }
        catch (JournalException)
        {
            return false;
        }
        finally
        {
            _gate.Release();
        }
    }
}
