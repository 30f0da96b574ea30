using System.Collections.Concurrent;
using System.Threading.Channels;
using Amoe.Engine.Domain;
using Npgsql;
using NpgsqlTypes;

namespace Amoe.Bench.Peers;

/// <summary>
/// Group commit by hand, the strongest rival: students in memory, a row for each event, and what was decided while one
/// transaction is synced is the next one, by binary COPY.
/// </summary>
internal sealed class GroupCommit : IPeer
{
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<StudentId, Entry> _students = [];
    private readonly Channel<Waiting> _waiting =
        Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writer;

    private GroupCommit(NpgsqlDataSource source) => (_source, _writer) = (source, Task.Run(WriteAsync));

    public static async Task<IPeer> StartAsync(PeerRun run)
    {
        var source = NpgsqlDataSource.Create(PeerConnections.StringOf(run));
        await PeerConnections.ExecuteAsync(source, EventTable.Definition);
        return new GroupCommit(source);
    }

    public ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        var entry = _students.GetOrAdd(student, id => new Entry(id));
        var request = new PeerRequest(student, command, day);
        var decided = request.DecideOn(entry.History);
        if (decided.Event is null)
            return ValueTask.FromResult(decided);
        _waiting.Writer.TryWrite(new Waiting(request, decided, entry.Events++));
        return new ValueTask<Decided>(request.Answer);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writer;
        await _source.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        var batch = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (_waiting.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                await CopyAsync(connection, batch);
                batch.ForEach(waiting => waiting.Request.Complete(waiting.Decided));
            }
            catch (Exception e)
            {
                batch.ForEach(waiting => waiting.Request.Fail(e));
            }

            batch.Clear();
        }
    }

    private static async Task CopyAsync(NpgsqlConnection connection, List<Waiting> batch)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY student_event FROM STDIN (FORMAT binary)");
        foreach (var (request, decided, number) in batch)
        {
            copy.StartRow();
            copy.Write((long)request.Student.Value, NpgsqlDbType.Bigint);
            copy.Write(number, NpgsqlDbType.Integer);
            copy.Write(decided.Event!, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    private sealed record Waiting(PeerRequest Request, Decided Decided, int Number);

    private sealed class Entry(StudentId student)
    {
        public StudentHistory History { get; } = new(student);

        public int Events { get; set; }
    }
}
