using System.Collections.Concurrent;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// The journal in a schema of a PostgreSQL database: for more than one host, each of which writes to the shards it owns. Every append is fenced by the
/// shards' epochs; readers never wait for writers nor hold them up.
/// </summary>
internal sealed class HostsJournal : IWritableJournal
{
    /// <summary>About what a national year appends.</summary>
    private const long RecentBytesMax = 128 << 20;

    private readonly PostgresDatabase _database;
    private readonly bool _isReadOnly;
    private readonly ConcurrentBag<HostsAppender> _appenders = [];
    private readonly ConcurrentBag<HostsReader> _readers = [];
    private readonly ConcurrentQueue<HostsBackend> _unsettled = [];
    private readonly Lock _settling = new();
    private readonly RecentSegments _recent;
    private readonly List<AdoptedRulebook> _adoptions;
    private volatile bool _disposed;

    private HostsJournal(JournalAddress address, bool isReadOnly)
    {
        (_database, _isReadOnly) = (new PostgresDatabase(address), isReadOnly);
        using var connection = _database.Open(PostgresUse.Read);
        try
        {
            HostsSchema.RequireCurrent(_database, connection, isToBeWritten: !isReadOnly);
            Identity = HostsSchema.ReadIdentity(_database, connection);
            _adoptions = HostsSchema.ReadAdoptions(connection);
            _recent = new RecentSegments(Identity.TotalShards, RecentBytesMax);
        }
        catch (NpgsqlException e)
        {
            throw _database.Failure(e);
        }
    }

    public JournalIdentity Identity { get; }

    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

    public int AppendersMax => 2;

    /// <summary>Makes the schema and its tables, and opens the journal for writing. Nobody owns a shard yet.</summary>
    /// <exception cref="JournalException">There is one already, nobody answers, the password is wrong, …</exception>
    public static HostsJournal Create(JournalAddress address, JournalIdentity identity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(identity.FormatVersion, JournalIdentity.CurrentFormatVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(identity.ShardCount, 1);
        HostsSchema.Create(new PostgresDatabase(address), identity);
        return Open(address);
    }

    /// <summary>Opens a journal for writing to the shards that this process will own; brings tables of an older program up to date.</summary>
    /// <exception cref="JournalException">There is none, it is of another version, nobody answers, the password is wrong, …</exception>
    public static HostsJournal Open(JournalAddress address) => new(address, isReadOnly: false);

    /// <summary>Opens a journal for reading and writes nothing: on a standby too, and while hosts write.</summary>
    /// <exception cref="JournalException">There is none, it is of another version, nobody answers, the password is wrong, …</exception>
    public static HostsJournal OpenReadOnly(JournalAddress address) => new(address, isReadOnly: true);

    /// <summary>Lets a role run hosts on the journal and nothing more: what was appended it can neither change nor delete.</summary>
    /// <exception cref="JournalException">There is no such journal or role, or this user may not grant.</exception>
    public static void Grant(JournalAddress address, string role) => HostsSchema.Grant(new PostgresDatabase(address), role);

    /// <summary>The store of this journal's snapshots, in a table beside the log's. The caller disposes it, before the journal.</summary>
    /// <param name="warn">Told, in one line, of every snapshot that could not be kept or used.</param>
    public ISnapshotStore OpenSnapshots(Action<string> warn)
    {
        RequireWriter();
        return new HostsSnapshotStore(_database, warn);
    }

    /// <summary>Who owns the shards, in tables beside the log's; the host that joins here is who appends. The caller disposes it, before the journal.</summary>
    /// <param name="lease">How long a host has its shards after its last beat.</param>
    /// <param name="isAmongHosts">True for who would lose its shards to others if it waited longer for the store than a lease lasts. Everybody else waits as for an append.</param>
    public IOwnershipStore OpenOwnership(TimeSpan lease, bool isAmongHosts) =>
        new HostsOwnership(_database, isAmongHosts ? PostgresUse.OwnAmongHosts : PostgresUse.Own, lease, () => _adoptions.Count);

    public void Append(IReadOnlyList<Segment> segments)
    {
        RequireWriter();
        if (segments.Count > 0)
            Appending(segments, (appender, append) => Require(append, appender.Append(append)));
    }

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks)
    {
        RequireWriter();
        rulebook.RequireNext(_adoptions, _database.Name);
        Appending(marks, (appender, append) =>
        {
            using var transaction = appender.Begin();
            appender.WriteAdoption(rulebook);
            Require(append, appender.Append(append));
            transaction.Commit();
        });
        _adoptions.Add(rulebook);
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
        if (shards.Count == 0)
            return;
        var lost = WithReader(reader => reader.Lost(shards));
        if (lost.Count > 0)
            throw new FencedException(lost, $"{_database.Name}: {Shards(lost)} of another owner now. Give up what was lost.");
    }

    public long Head(int shard)
    {
        RequireShard(shard);
        Settle();
        return WithReader(reader => reader.Head(shard)).Offset;
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        RequireShard(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        return ReadFrom(shard, fromOffset);
    }

    /// <summary>What this process appended itself and still has comes from memory, the rest in one round trip.</summary>
    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        RequireShard(shard);
        var segments = new Segment[offsets.Count];
        List<long>? missing = null;
        for (var i = 0; i < segments.Length; i++)
        {
            if (_recent.TryFind(shard, offsets[i], out var recent) && recent.Offset == offsets[i])
                segments[i] = recent;
            else
                (missing ??= []).Add(offsets[i]);
        }

        if (missing is not null)
            Fill(segments, shard, offsets, WithReader(reader => reader.ReadAt(shard, [.. missing])));
        return segments;
    }

    /// <summary>Shard after shard: the order of commit across shards is not kept.</summary>
    public IEnumerable<Segment> ReadAll() => Reading(reader => reader.ReadAll(Identity.TotalShards));

    public JournalSize Measure() =>
        WithReader(reader => new JournalSize(reader.Heads(Identity.TotalShards).Sum(head => head.PayloadBytes), reader.MeasureTables()));

    public void Dispose()
    {
        _disposed = true;
        while (_appenders.TryTake(out var appender))
            appender.Dispose();
        while (_readers.TryTake(out var reader))
            reader.Dispose();
    }

    private static void Require(HostsAppend append, IReadOnlyList<RefusedShard> refused)
    {
        if (refused.Count > 0)
            throw append.Refusal(refused);
    }

    /// <summary>Puts what the store has where nothing is yet, each checked.</summary>
    private void Fill(Segment[] segments, int shard, IReadOnlyList<long> offsets, List<Segment> stored)
    {
        var next = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Count > 0)
                continue;
            if (next == stored.Count || stored[next].Offset != offsets[i])
                throw ShardHead.Damage(_database.Name, shard, offsets[i], "no segment begins here");
            var segment = stored[next++];
            if (!segment.IsIntact || segment.Count < 1)
                throw ShardHead.Damage(_database.Name, shard, offsets[i], "its checksum does not fit its content");
            segments[i] = segment;
        }
    }

    private static string Shards(IReadOnlyList<int> shards) =>
        shards.Count == 1 ? $"shard {shards[0]} is" : $"shards {string.Join(", ", shards)} are";

    private void Appending(IReadOnlyList<Segment> segments, Action<HostsAppender, HostsAppend> write)
    {
        var append = new HostsAppend(segments, Identity.TotalShards, _database.Name);
        var appender = RentAppender();
        var stands = false;
        try
        {
            write(appender, append);
            stands = true;
        }
        catch (JournalException)
        {
            // The server's own answer: the connection is as good as before.
            GiveBack(_appenders, appender);
            throw;
        }
        catch (Exception e)
        {
            if (!PostgresFailure.IsRefusal(e))
                _unsettled.Enqueue(appender.Backend);
            appender.Dispose();
            throw e is NpgsqlException or TimeoutException or IOException or InvalidOperationException ? _database.Failure(e) : e;
        }
        finally
        {
            // Where it is not known to stand, the server alone can tell what a shard's log is.
            if (stands)
                _recent.Add(segments);
            else
                _recent.Forget(segments);
        }

        GiveBack(_appenders, appender);
    }

    private HostsAppender RentAppender()
    {
        var name = _database.ApplicationName;
        while (_appenders.TryTake(out var appender))
        {
            if (appender.ApplicationName == name)
                return appender;
            // Opened before this process joined as who it is now.
            appender.Dispose();
        }

        try
        {
            return new HostsAppender(_database);
        }
        catch (NpgsqlException e)
        {
            throw _database.Failure(e);
        }
    }

    /// <summary>
    /// After a connection broke during an append the server may still be at it: what a shard's head is can only be told once that is over, one way or
    /// the other.
    /// </summary>
    private void Settle()
    {
        lock (_settling)
        {
            while (_unsettled.TryPeek(out var backend))
            {
                if (!WithReader(reader => backend.End(reader.Connection)))
                    throw new JournalUnavailableException($"{_database.Name}: an append on a connection that broke goes on at the server, process {backend.Pid}. End it with pg_terminate_backend.");
                _unsettled.TryDequeue(out _);
            }
        }
    }

    private T WithReader<T>(Func<HostsReader, T> read)
    {
        var (reader, result) = Begin(read);
        GiveBack(_readers, reader);
        return result;
    }

    /// <summary>What this process appended itself and still has; the server is asked only by a reader who wants more than that.</summary>
    private IEnumerable<Segment> ReadFrom(int shard, long offset)
    {
        while (_recent.TryFind(shard, offset, out var segment))
        {
            yield return segment;
            offset = segment.Offset + segment.Count;
        }

        foreach (var segment in Reading(reader => reader.Read(shard, offset)))
            yield return segment;
    }

    private IEnumerable<Segment> Reading(Func<HostsReader, IEnumerable<Segment>> begin)
    {
        var (reader, begun) = Begin(begin);
        // Who stops in the middle lets the rest of a shard's answer go by, which costs less than another connection; one that failed is put away.
        var isSound = true;
        try
        {
            using var segments = begun.GetEnumerator();
            while (true)
            {
                isSound = false;
                if (!MoveNext(segments))
                    break;
                isSound = true;
                yield return segments.Current;
            }

            isSound = true;
        }
        finally
        {
            if (isSound)
                GiveBack(_readers, reader);
            else
                reader.Dispose();
        }
    }

    private bool MoveNext(IEnumerator<Segment> segments)
    {
        try
        {
            return segments.MoveNext();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw _database.Failure(e);
        }
    }

    /// <summary>A reader, with what it read first. One whose connection died while it lay idle is put away and the next one asked.</summary>
    private (HostsReader Reader, T Result) Begin<T>(Func<HostsReader, T> first)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (true)
        {
            var isKept = _readers.TryTake(out var reader);
            try
            {
                reader ??= new HostsReader(_database);
                return (reader, first(reader));
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                var isStale = isKept && reader!.IsBroken;
                reader?.Dispose();
                if (!isStale)
                    throw _database.Failure(e);
            }
            catch
            {
                reader?.Dispose();
                throw;
            }
        }
    }

    private void GiveBack<T>(ConcurrentBag<T> kept, T one)
        where T : class, IDisposable
    {
        kept.Add(one);
        // Disposing may have emptied the bag just before.
        if (_disposed && kept.TryTake(out var left))
            left.Dispose();
    }

    private void RequireWriter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_isReadOnly)
            throw new InvalidOperationException($"{_database.Name} was opened for reading.");
    }

    private void RequireShard(int shard)
    {
        if ((uint)shard >= (uint)Identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {Identity.TotalShards} shards.");
    }
}
