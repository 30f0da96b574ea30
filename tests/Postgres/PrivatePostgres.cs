using System.Diagnostics;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Tests.Postgres;

/// <summary>A server of a test's own that can be stopped, killed and started again.</summary>
internal sealed class PrivatePostgres : TemporaryServer
{
    private static readonly Lazy<PrivatePostgres> _shared = new(() =>
    {
        // Autovacuum visits each database once a minute, and each test has one of its own: two workers a second, for
        // tables that live for moments. No test on this server cuts the power, and on a disk that is busy for seconds
        // leases run out and statements that wait for it fail.
        var server = Start("autovacuum=off", "fsync=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private int _databases;

    private PrivatePostgres(string? under, IReadOnlyList<string> settings)
        : base(under, settings)
    {
    }

    /// <summary>One server for every test of this process; gone when the process ends.</summary>
    public static PrivatePostgres Shared => _shared.Value;

    /// <summary>The postmaster's process id.</summary>
    public int Pid => Postmaster?.Id ?? throw new InvalidOperationException("the server is not running");

    /// <summary>True when it ended by itself, as it does when it cannot write its log.</summary>
    public bool HasEnded => Postmaster is { HasExited: true };

    /// <param name="settings">Further settings, each <c>name=value</c>.</param>
    public static PrivatePostgres Start(params string[] settings) => StartUnder(null, settings);

    /// <param name="under">
    /// The folder in which everything of it is to be, one to each; null for a temporary one.
    /// </param>
    public static PrivatePostgres StartUnder(string? under, params string[] settings) => new(under, settings);

    /// <summary>An empty database that <see cref="TemporaryServer.AppRole"/> owns.</summary>
    public PrivateDatabase NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(Superuser);
        connection.Open();

        // From version 15 on a server writes each page of a new database to its log, unless it is to copy the files as
        // older ones do: 0.18 s of processor time instead of 0.06 s, for each of hundreds of databases.
        var copies = connection.PostgreSqlVersion.Major >= 15 ? " STRATEGY FILE_COPY" : "";
        using var command = new NpgsqlCommand($"CREATE DATABASE {name} OWNER {AppRole}{copies}", connection);
        command.ExecuteNonQuery();
        return new PrivateDatabase(this, name, AddressOf(name));
    }

    /// <summary>An orderly stop that waits for no client: connections are cut.</summary>
    public void Stop()
    {
        Signal(Pid, "INT");
        AwaitEnd();
    }

    /// <summary>
    /// As a power failure would have it: the postmaster and the processes it started get no word, and nothing is
    /// written any more.
    /// </summary>
    public void Kill()
    {
        // A stopped postmaster starts no other child while we look for those it has.
        Signal(Pid, "STOP");
        var children = Children(Pid);
        Signal(Pid, "KILL");
        foreach (var child in children)
            Signal(child, "KILL");
        AwaitEnd();
        Await(() => !children.Any(IsAlive), "the server's processes are still there");
    }

    /// <summary>
    /// Whether a process runs. A zombie does not: it has ended, and without an init process no parent collects it.
    /// </summary>
    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// Starts it again after <see cref="Stop"/>, <see cref="Kill"/> or an end of its own; returns when it takes
    /// connections.
    /// </summary>
    public void Restart()
    {
        if (HasEnded)
            AwaitEnd();
        if (Postmaster is not null)
            throw new InvalidOperationException("the server is running");
        Launch(isFirst: false);
    }

    private static void Await(Func<bool> done, string otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!done())
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"{otherwise} after {Patience.TotalSeconds} s");
            Thread.Sleep(10);
        }
    }

    /// <summary>
    /// Elsewhere than on Linux the children are left to find out for themselves, which they do at once.
    /// </summary>
    private static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && ParentOf(folder) == parent)
                children.Add(pid);
        }

        return children;
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // «pid (name) state parent …», and the name may hold anything.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return 0;
        }
    }
}

/// <summary>A database of a private server.</summary>
/// <param name="Url">For <see cref="TemporaryServer.AppRole"/>, as people write it.</param>
internal sealed record PrivateDatabase(PrivatePostgres Server, string Name, string Url)
{
    /// <summary>For <see cref="TemporaryServer.AppRole"/>, who owns it; connections are not pooled.</summary>
    public string App => Server.Connection(TemporaryServer.AppRole, Server.AppPassword, Name);

    /// <summary>For the superuser.</summary>
    public string Superuser => new NpgsqlConnectionStringBuilder(Server.Superuser) { Database = Name }.ToString();

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql) => Server.Execute(sql, Name);

    /// <summary>
    /// Sessions that begin from now on wait with every commit, as for a slow disk: what is to happen in the middle of a
    /// year has the time to.
    /// </summary>
    public void DelayCommits(TimeSpan each) => Execute(
        $"ALTER DATABASE {Name} SET commit_siblings = 0; ALTER DATABASE {Name} SET commit_delay = {(int)each.TotalMicroseconds}");

    /// <summary>
    /// Ends every session in it, as an administrator would: the clients find out when they next use them.
    /// </summary>
    public void EndSessions() => Server.Execute(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'");

    /// <summary>The first column of the first row, as the superuser reads it.</summary>
    public T Scalar<T>(string sql)
    {
        using var connection = new NpgsqlConnection(Superuser);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }
}
