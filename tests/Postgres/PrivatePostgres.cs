using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Amoe.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of our own in a temporary folder, on a free port of the loopback, as durable as one in production. It can be stopped, killed and
/// started again, and everything of it is gone at the end, even when this process is killed.
/// </summary>
internal sealed class PrivatePostgres : IDisposable
{
    /// <summary>Who owns the databases that <see cref="NewDatabase"/> makes, and may do nothing else.</summary>
    public const string AppRole = "amoe";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<PrivatePostgres> _shared = new(() =>
    {
        // Autovacuum visits each database once a minute, and each test has one of its own: two workers a second, for tables that live for moments.
        var server = Start("autovacuum=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private readonly string _folder;
    private readonly Process _watcher;
    private readonly string _superPassword = Password();
    private readonly IReadOnlyList<string> _settings;
    private int _databases;
    private Process? _postmaster;

    private PrivatePostgres(string? under, IReadOnlyList<string> settings)
    {
        _settings = settings;
        _folder = under is null ? Directory.CreateTempSubdirectory("amoe-postgres-").FullName : Directory.CreateDirectory(Path.Combine(under, "amoe-postgres")).FullName;
        _watcher = Watch(_folder);
        try
        {
            Initialise();
            Launch();
            Execute($"CREATE ROLE {AppRole} LOGIN PASSWORD '{AppPassword}'");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One server for every test of this process; gone when the process ends.</summary>
    public static PrivatePostgres Shared => _shared.Value;

    /// <summary>Free when the server was first started; the same after every restart.</summary>
    public int Port { get; private set; }

    /// <summary>The postmaster's process id.</summary>
    public int Pid => _postmaster?.Id ?? throw new InvalidOperationException("the server is not running");

    /// <summary>True when it ended by itself, as it does when it cannot write its log.</summary>
    public bool HasEnded => _postmaster is { HasExited: true };

    public string DataFolder => Path.Combine(_folder, "data");

    public string AppPassword { get; } = Password();

    /// <summary>A connection string that may do anything, to the database <c>postgres</c>; connections are not pooled.</summary>
    public string Superuser => Connection("postgres", _superPassword, "postgres");

    /// <summary>What the server wrote to its log.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "log"));

    /// <param name="settings">Further settings, each <c>name=value</c>.</param>
    public static PrivatePostgres Start(params string[] settings) => StartUnder(null, settings);

    /// <param name="under">The folder in which everything of it is to be, one to each; null for a temporary one.</param>
    public static PrivatePostgres StartUnder(string? under, params string[] settings) =>
        PostgresBinaries.Missing is { } missing ? throw new InvalidOperationException(missing) : new PrivatePostgres(under, settings);

    /// <summary>An empty database that <see cref="AppRole"/> owns.</summary>
    public PrivateDatabase NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Execute($"CREATE DATABASE {name} OWNER {AppRole}");
        return new PrivateDatabase(this, name);
    }

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(Connection("postgres", _superPassword, database));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>A connection string; connections are not pooled.</summary>
    public string Connection(string user, string password, string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = user, Password = password, Database = database, Pooling = false }.ToString();

    /// <summary>An orderly stop that waits for nobody: connections are cut.</summary>
    public void Stop()
    {
        Signal(Pid, "INT");
        AwaitEnd();
    }

    /// <summary>As a power failure would have it: the postmaster and the processes it started get no word, and nothing is written any more.</summary>
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

    /// <summary>One that has ended and that nobody has asked about since, as where no init process does, is not.</summary>
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

    /// <summary>Starts it again after <see cref="Stop"/>, <see cref="Kill"/> or an end of its own; returns when it takes connections.</summary>
    public void Restart()
    {
        if (HasEnded)
            AwaitEnd();
        if (_postmaster is not null)
            throw new InvalidOperationException("the server is running");
        Launch();
    }

    public void Dispose()
    {
        if (_postmaster is not null)
        {
            Signal(Pid, "QUIT");
            AwaitEnd();
        }

        // The watcher clears up when its input ends.
        _watcher.StandardInput.Close();
        _watcher.WaitForExit();
        _watcher.Dispose();
    }

    private static string Password() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Waits for this process to end, however it does, then ends the server and removes the folder.</summary>
    private static Process Watch(string folder)
    {
        const string Script = """
            trap '' INT TERM HUP
            read -r _
            lock="$1/data/postmaster.pid"
            pid=$(head -n 1 "$lock" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
            # A server that was killed leaves its lock file and the shared memory that is named in its seventh line.
            [ -f "$lock" ] && ipcrm -m "$(sed -n '7s/.* //p' "$lock")" 2>/dev/null
            rm -rf "$1"
            """;
        return Process.Start(new ProcessStartInfo("sh", ["-c", Script, "sh", folder]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Elsewhere than on Linux the children are left to find out for themselves, which they do at once.</summary>
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

    private static void Await(Func<bool> done, string otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!done())
        {
            if (watch.Elapsed > _patience)
                throw new TimeoutException($"{otherwise} after {_patience.TotalSeconds} s");
            Thread.Sleep(10);
        }
    }

    /// <summary>Below those from which the system gives ports to whoever connects: one of them could be somebody's while the server is down.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_768));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private void Initialise()
    {
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, _superPassword);
        if (PostgresBinaries.Account is { } account)
            Run(new ProcessStartInfo("chown", ["-R", $"{account.User}:{account.Group}", _folder]));
        // The server syncs all it writes; its first files need not survive a power failure.
        Run(PostgresBinaries.Start("initdb", "-D", DataFolder, "-U", "postgres", "--pwfile", passwordFile, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"));
        File.Delete(passwordFile);
    }

    private void Launch()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port != 0 ? Port : FreePort();
            _postmaster = StartPostmaster();
            try
            {
                Await(() => _postmaster.HasExited || IsUp(), "the server takes no connections");
            }
            catch
            {
                Kill();
                throw;
            }

            if (!_postmaster.HasExited)
                return;
            _postmaster.Dispose();
            _postmaster = null;
            // Somebody else may have taken the port since we looked.
            if (!Log.Contains("Address already in use", StringComparison.Ordinal) || attempt == 5 || _databases > 0)
                throw new InvalidOperationException($"PostgreSQL did not start: {Log}");
            Port = 0;
        }
    }

    private Process StartPostmaster()
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={Port}", $"unix_socket_directories={_folder}", "fsync=on", "synchronous_commit=on", "full_page_writes=on",
            "shared_buffers=64MB", "max_connections=200", "max_wal_size=2GB", "logging_collector=off", "log_min_messages=warning", .. _settings,
        ];
        var start = PostgresBinaries.Start("postgres", ["-D", DataFolder, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        // A shell that becomes the server: its log goes to a file without anybody who has to pass it on.
        string[] command = [start.FileName, .. start.ArgumentList];
        (start.FileName, var log) = ("sh", Path.Combine(_folder, "log"));
        start.ArgumentList.Clear();
        foreach (var argument in new[] { "-c", "exec \"$@\" 2>>\"$0\"", log }.Concat(command))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private bool IsUp()
    {
        try
        {
            using var connection = new NpgsqlConnection(Superuser);
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private void AwaitEnd()
    {
        Await(() => _postmaster!.HasExited, "the server is still running");
        _postmaster!.Dispose();
        _postmaster = null;
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {output}{error.Result}");
    }
}

/// <summary>A database of a private server.</summary>
internal sealed record PrivateDatabase(PrivatePostgres Server, string Name)
{
    /// <summary>For <see cref="PrivatePostgres.AppRole"/>, who owns it; connections are not pooled.</summary>
    public string App => Server.Connection(PrivatePostgres.AppRole, Server.AppPassword, Name);

    /// <summary>For the superuser.</summary>
    public string Superuser => new NpgsqlConnectionStringBuilder(Server.Superuser) { Database = Name }.ToString();

    /// <summary>For <see cref="PrivatePostgres.AppRole"/>, as people write it.</summary>
    public string Url => $"postgres://{PrivatePostgres.AppRole}:{Server.AppPassword}@127.0.0.1:{Server.Port}/{Name}";

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql) => Server.Execute(sql, Name);

    /// <summary>Sessions that begin from now on wait with every commit, as for a slow disk: what is to happen in the middle of a year has the time to.</summary>
    public void DelayCommits(TimeSpan each) => Execute(
        $"ALTER DATABASE {Name} SET commit_siblings = 0; ALTER DATABASE {Name} SET commit_delay = {(int)each.TotalMicroseconds}");

    /// <summary>Ends every session in it, as an administrator would: the clients find out when they next use them.</summary>
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
