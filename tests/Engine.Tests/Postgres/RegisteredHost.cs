using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>A host of a cluster as the database sees it, on connections of its own.</summary>
internal sealed class RegisteredHost : IDisposable
{
    private RegisteredHost(JournalAddress address, string name)
    {
        (Name, Database) = (name, new PostgresDatabase(address));
        Hosts = new PostgresHosts(Database);
    }

    public string Name { get; }

    public PostgresDatabase Database { get; }

    public PostgresHosts Hosts { get; }

    /// <summary>Its unique address in the cluster.</summary>
    public string Member => MemberOf(Name);

    public Registration Registration { get; private set; } = null!;

    public long Id => Registration.Id;

    /// <summary>Null until <see cref="BeginLease"/>.</summary>
    public PostgresHostLease? Lease { get; private set; }

    /// <param name="name">Another one for each incarnation.</param>
    /// <param name="address">Where it is not the owner's own.</param>
    /// <param name="isSilent">Its lease runs out when it should. Else it lasts for as long as a test may take.</param>
    public static RegisteredHost Register(
        PrivateDatabase database, string name, JournalAddress? address = null, bool isSilent = false,
        int format = EventCodec.Version)
    {
        var host = new RegisteredHost(address ?? JournalAddress.Parse(database.Url), name);
        try
        {
            host.Registration = host.Hosts.Register(host.Member, $"http://{name}", $"build of {name}", format);
            if (!isSilent)
                database.Execute($"UPDATE amoe.host SET lasts_until = now() + interval '1 hour' WHERE id = {host.Id}");
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A journal without hosts.</summary>
    public static PrivateDatabase NewJournal()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(
            new PostgresDatabase(JournalAddress.Parse(database.Url)), PostgresPartitions.IdentityOf(2));
        return database;
    }

    public static string MemberOf(string name) => $"akka.tcp://amoe@{name}:5101#7";

    public PostgresHostLease BeginLease(TimeProvider? time = null) =>
        Lease = PostgresHostLease.BeginAsync(Database, Id, time ?? TimeProvider.System).GetAwaiter().GetResult();

    public bool TryHold(int partition) => Hosts.TryHold(partition, Id);

    public bool TryOutvote(params RegisteredHost[] unreachable) =>
        Hosts.TryOutvote(Member, [.. unreachable.Select(host => host.Member)]);

    public void Dispose()
    {
        Lease?.Dispose();
        Hosts.Dispose();
    }
}

/// <summary>Faults of hosts, made by changes of their rows.</summary>
internal static class HostFaults
{
    /// <summary>As when the host has been frozen for longer than its lease, and does not renew it.</summary>
    public static void Freeze(this PrivateDatabase database, RegisteredHost host) => database.Execute($"""
        UPDATE amoe.host SET lasts_until = now() - interval '1 second' WHERE id = {host.Id};
        CREATE OR REPLACE FUNCTION amoe.frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it is frozen (a test)''; END';
        CREATE TRIGGER frozen{host.Id} BEFORE UPDATE ON amoe.host FOR EACH ROW
            WHEN (OLD.id = {host.Id} AND NEW.lasts_until > OLD.lasts_until) EXECUTE FUNCTION amoe.frozen();
        """);

    /// <summary>The frozen host goes on.</summary>
    public static void Wake(this PrivateDatabase database, RegisteredHost host) =>
        database.Execute($"DROP TRIGGER frozen{host.Id} ON amoe.host");

    /// <summary>As when the lease of a host that is gone has run out.</summary>
    public static void RunOut(this PrivateDatabase database, RegisteredHost host) =>
        database.Execute($"UPDATE amoe.host SET lasts_until = now() - interval '1 millisecond' WHERE id = {host.Id}");

    public static bool IsDead(this PrivateDatabase database, RegisteredHost host) =>
        database.Scalar<bool>($"SELECT dead FROM amoe.host WHERE id = {host.Id}");

    /// <summary>
    /// Waits until a session that waited for a lock has given up, and another waits for one: what it was asked for is
    /// tried again.
    /// </summary>
    public static async Task GivenUpAsync(this PrivateDatabase database)
    {
        var first = await database.WaiterAsync(except: 0);
        await database.WaiterAsync(except: first);
    }

    /// <summary>Runs threads that begin at the same time. The results are in the order of their numbers.</summary>
    public static async Task<T[]> AtOnceAsync<T>(int count, Func<int, T> action)
    {
        using var start = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return action(n);
        }, TaskCreationOptions.LongRunning))).WaitAsync(PostgresPartitions.Patience);
    }

    /// <summary>Waits until a session waits for a lock, and returns its process id.</summary>
    private static async Task<int> WaiterAsync(this PrivateDatabase database, int except)
    {
        var waiting = 0;
        await PostgresPartitions.Until(() => (waiting = database.Scalar<int>($"""
            SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE datname = '{database.Name}' AND wait_event_type = 'Lock' AND pid <> {except}
            """)) != 0);
        return waiting;
    }
}
