using Amoe.Engine.Domain;
using Dapper;
using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary>
/// A service over tables with Dapper: each command loads the student, decides and appends in one durable transaction.
/// </summary>
internal sealed class DapperPeer : IPeer
{
    private readonly NpgsqlDataSource _source;

    private DapperPeer(NpgsqlDataSource source) => _source = source;

    public static async Task<IPeer> StartAsync(PeerRun run) =>
        await StartAsync(PeerConnections.StringOf(run));

    /// <param name="connection">Of an empty database.</param>
    public static async Task<DapperPeer> StartAsync(string connection)
    {
        var source = NpgsqlDataSource.Create(connection);
        await PeerConnections.ExecuteAsync(source, EventTable.Definition);
        return new DapperPeer(source);
    }

    public async ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        await using var connection = await _source.OpenConnectionAsync();
        var key = (long)student.Value;
        var events = (await connection.QueryAsync<byte[]>(
            "SELECT payload FROM student_event WHERE student = @key ORDER BY number", new { key })).AsList();
        var decided = Decider.Decide(Decider.Load(student, events), command, day);
        if (decided.Event is { } payload)
        {
            await connection.ExecuteAsync(
                "INSERT INTO student_event VALUES (@key, @number, @payload)",
                new { key, number = events.Count, payload });
        }

        return decided;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
