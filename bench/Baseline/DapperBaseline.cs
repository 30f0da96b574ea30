using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Npgsql;
using Clock = Amoe.Bench.Ladder.Clock;

namespace Amoe.Bench.Baseline;

/// <summary>
/// The same commands the way a service over tables handles them: one durable transaction each, with Dapper, over a
/// number of connections. What a command costs beside that is left out in its favour: no HTTP, no queue, and when a
/// student's deadlines are due is known for nothing.
/// </summary>
internal static class DapperBaseline
{
    public static IReadOnlyList<int> Connections { get; } = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>Takes the slice's whole year with so many connections on an empty table.</summary>
    public static Taken Run(Slice slice, int connections, string connectionString, ILadderStore store)
    {
        var settings = new NpgsqlConnectionStringBuilder(
            connectionString)
        { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2, Pooling = false }.ConnectionString;
        var workers = Enumerable.Range(0, connections)
            .Select(worker => new Worker(slice.Opens, slice.For(worker, connections), settings))
            .ToArray();
        try
        {
            workers[0].CreateTable();
            var clock = Clock.Start(store);
            Together.Do(connections, i => workers[i].Run());
            var taken = clock.Stop();
            RequireSame(slice, workers);
            return taken;
        }
        finally
        {
            foreach (var worker in workers)
                worker.Dispose();
        }
    }

    private static void RequireSame(Slice slice, Worker[] workers)
    {
        var digest = workers.Aggregate(0UL, (sum, worker) => sum + worker.Digest);
        if (digest != slice.Digest)
            throw new InvalidOperationException(
                $"the baseline ended with digest {digest:x16} and the recording's partitions with {slice.Digest:x16}: they did not do the same work");
    }

    /// <summary>One connection and its students, day by day: what falls due first, then the day's commands.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly DateOnly _opens;
        private readonly IReadOnlyList<Command[]> _days;
        private readonly NpgsqlConnection _connection;
        private readonly CommandHandler _handler;
        private readonly DueCalendar _calendar = new();
        private readonly Dictionary<StudentId, DateOnly> _due = [];

        public Worker(DateOnly opens, IReadOnlyList<Command[]> days, string settings)
        {
            (_opens, _days) = (opens, days);
            _connection = new NpgsqlConnection(settings);
            _connection.Open();
            _handler = new CommandHandler(new StudentTable(_connection));
        }

        public ulong Digest => _handler.Digest;

        public void CreateTable() => StudentTable.Create(_connection);

        public void Run()
        {
            for (var i = 0; i < _days.Count; i++)
                Take(_opens.AddDays(i), _days[i]);
        }

        public void Dispose() => _connection.Dispose();

        private void Take(DateOnly day, Command[] commands)
        {
            while (_calendar.TryTake(day, out var student))
            {
                if (_due[student] <= day)
                    Note(student, _handler.FireDue(student, day));
            }

            foreach (var command in commands)
                Note(command.Student, _handler.Handle(command, day));
        }

        private void Note(StudentId student, DateOnly due)
        {
            if (_due.TryGetValue(student, out var before) && before == due)
                return;
            _due[student] = due;
            if (due != DateOnly.MaxValue)
                _calendar.Add(due, student);
        }
    }
}
