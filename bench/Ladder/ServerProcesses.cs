using Npgsql;

namespace Amoe.Bench.Ladder;

/// <summary>The processes of a PostgreSQL server on this machine: their processor time is no part of ours.</summary>
internal sealed class ServerProcesses
{
    private readonly int _postmaster;

    private ServerProcesses(int postmaster) => _postmaster = postmaster;

    /// <summary>
    /// Those of the server at the other end, or null where it is not of this machine, or this is no Linux.
    /// </summary>
    public static ServerProcesses? Of(NpgsqlConnection connection)
    {
        if (connection.Host is not ("127.0.0.1" or "::1" or "localhost"))
            return null;
        using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return ProcessStat.Of((int)command.ExecuteScalar()!) is { Name: "postgres" } backend
            ? new ServerProcesses(backend.Parent)
            : null;
    }

    /// <summary>Of those that run, and of those that have ended and were the postmaster's.</summary>
    public double CpuSeconds()
    {
        var seconds = ProcessStat.Of(_postmaster) is { } postmaster
            ? postmaster.CpuSeconds + postmaster.EndedCpuSeconds
            : 0;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid)
                && ProcessStat.Of(pid) is { } stat
                && stat.Parent == _postmaster)
                seconds += stat.CpuSeconds;
        }

        return seconds;
    }
}
