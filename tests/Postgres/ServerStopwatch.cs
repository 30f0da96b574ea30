using System.Diagnostics;
using Npgsql;

namespace Amoe.Tests.Postgres;

/// <summary>
/// A stopwatch that leaves out the time in which the machine or the server stopped: a promise in seconds holds while
/// they run, and a gate on a busy machine has seen a server that committed nothing for three seconds.
/// </summary>
/// <remarks>
/// It commits a small transaction every 100 ms. What one takes longer than 250 ms, its wait included, is left out.
/// </remarks>
internal sealed class ServerStopwatch : IDisposable
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _tolerated = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ManualResetEventSlim _ended = new();
    private readonly Lock _gate = new();
    private readonly NpgsqlConnection _connection;
    private readonly Thread _probing;
    private TimeSpan _stopped;
    private TimeSpan _probedAt;

    private ServerStopwatch(PrivateDatabase database)
    {
        _connection = new NpgsqlConnection(database.Superuser);
        _connection.Open();
        _watch.Restart();
        _probing = new Thread(Probe) { Name = "server stopwatch", IsBackground = true };
        _probing.Start();
    }

    public static ServerStopwatch Start(PrivateDatabase database) => new(database);

    /// <summary>
    /// At least a time has passed, stops included, and the machine and the server ran for no longer than another.
    /// </summary>
    public void AssertInRange(TimeSpan least, TimeSpan most)
    {
        TimeSpan passed, ran;
        lock (_gate)
        {
            passed = _watch.Elapsed;
            ran = passed - _stopped - Excess(passed - _probedAt);
        }

        Assert.True(passed >= least, $"it took {passed}, less than {least}");
        Assert.True(ran <= most, $"it took {ran} while the server ran, {passed} in all, and {most} is promised");
    }

    public void Dispose()
    {
        _ended.Set();
        _probing.Join();
        _connection.Dispose();
        _ended.Dispose();
    }

    private static TimeSpan Excess(TimeSpan taken) => taken > _tolerated ? taken - _tolerated : TimeSpan.Zero;

    private void Probe()
    {
        // A transaction with a number of its own is written to the log.
        using var command = new NpgsqlCommand("SELECT pg_current_xact_id()", _connection) { CommandTimeout = 60 };
        while (!_ended.Wait(_every))
        {
            command.ExecuteNonQuery();
            lock (_gate)
            {
                var now = _watch.Elapsed;
                _stopped += Excess(now - _probedAt);
                _probedAt = now;
            }
        }
    }
}
