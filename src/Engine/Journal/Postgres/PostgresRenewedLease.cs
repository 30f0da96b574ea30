using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// A lease that is a row in the journal's database, renewed on a thread and a connection of its own. Its holder may
/// answer from memory until a moment of its own monotonic clock, which comes before the row runs out for others.
/// </summary>
internal abstract class PostgresRenewedLease : IJournalLease, IDisposable
{
    /// <summary>How long others wait for a holder that is gone or frozen.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long what begins tries a server that is busy; a connection to it is given as long (PostgresDatabase).
    /// </summary>
    public static readonly TimeSpan BeginsWithin = TimeSpan.FromSeconds(15);

    /// <summary>The time between two renewals.</summary>
    protected static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    // The holder's answers end before another may take over, whatever the two clocks do in five seconds.
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(500);


    private readonly TimeProvider _time;
    private readonly Thread _renewing;
    private readonly ManualResetEventSlim _ended = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NpgsqlConnection? _connection;
    private long _heldFrom;

    /// <param name="connection">Of which the lease disposes.</param>
    /// <param name="heldFrom">A moment of the monotonic clock before the row was written.</param>
    protected PostgresRenewedLease(
        PostgresDatabase database, NpgsqlConnection connection, long heldFrom, TimeProvider time)
    {
        (Database, _connection, _heldFrom, _time) = (database, connection, heldFrom, time);
        _renewing = new Thread(RenewUntilItEnds) { Name = "journal lease", IsBackground = true };
    }

    /// <summary>Why it was lost for good, in one line; null while it was not.</summary>
    public string? Lost => _lost.Task.IsCompletedSuccessfully ? _lost.Task.Result : null;

    public Task<string> WhenLost => _lost.Task;

    public bool IsHeld =>
        Lost is null && !_ended.IsSet && _time.GetElapsedTime(Interlocked.Read(ref _heldFrom)) < Duration - _margin;

    protected PostgresDatabase Database { get; }

    /// <summary>Ends it. Nothing may be written any more by then.</summary>
    public virtual void Dispose()
    {
        if (_ended.IsSet)
            return;
        _ended.Set();
        _renewing.Join();
        try
        {
            if (_connection is not null)
                GiveBack(_connection);
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e))
        {
            // It runs out by itself.
        }

        _connection?.Dispose();
    }

    /// <summary>
    /// Begins a lease. A renewal is given up soon and tried again a second later, and so is the first one: a server
    /// that is busy for some seconds refuses no process.
    /// </summary>
    /// <param name="begin">Takes the connection over when it returns a lease.</param>
    /// <exception cref="JournalException">The lease is refused, no server answers, or none answers in time.</exception>
    protected static async Task<T> BeginAsync<T>(
        PostgresDatabase database, TimeProvider time, Func<NpgsqlConnection, Task<T>> begin)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var connection = database.Open(PostgresUse.Lease);
            try
            {
                return await begin(connection);
            }
            catch (Exception e)
            {
                connection.Dispose();
                if (!PostgresFailure.IsOfServer(e))
                    throw;
                var failure = database.Failure(e);
                if (failure is not JournalUnavailableException || time.GetElapsedTime(began) > BeginsWithin)
                    throw failure;
            }
        }
    }

    /// <summary>Begins to renew it: the last step of every constructor.</summary>
    protected void Begin() => _renewing.Start();

    /// <summary>Renews the row; false when it is another's.</summary>
    protected abstract bool TryRenew(NpgsqlConnection connection);

    /// <summary>Why the row was not renewed, in one line.</summary>
    protected abstract string WhyLost(NpgsqlConnection connection);

    /// <summary>Lets the next one have it at once.</summary>
    protected virtual void GiveBack(NpgsqlConnection connection)
    {
    }

    protected void Lose(string why) => _lost.TrySetResult(why);

    private void RenewUntilItEnds()
    {
        while (!_ended.Wait(RenewEvery) && Lost is null)
        {
            var now = _time.GetTimestamp();
            try
            {
                _connection ??= Database.Open(PostgresUse.Lease);
                if (TryRenew(_connection))
                    Interlocked.Exchange(ref _heldFrom, now);
                else
                    Lose(WhyLost(_connection));
            }
            catch (Exception e) when (e is JournalException || PostgresFailure.IsOfServer(e))
            {
                // Tried again; until it succeeds nothing is answered from memory.
                _connection?.Dispose();
                _connection = null;
            }
        }
    }
}
