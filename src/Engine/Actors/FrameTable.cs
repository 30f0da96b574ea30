using System.Collections.Concurrent;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Actors;

/// <summary>The table in which frames stand, for reading.</summary>
internal sealed class FrameTable(string path) : IDisposable
{
    private readonly ConcurrentBag<Reader> _idle = [];

    public static void Create(string path)
    {
        using var database = SqliteDatabase.Open(path, SqliteAccess.Create);
        database.Execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL");
        database.Execute("""
            CREATE TABLE IF NOT EXISTS journal (
                ordering INTEGER PRIMARY KEY, created INTEGER NOT NULL, deleted INTEGER NOT NULL, persistence_id TEXT NOT NULL, sequence_number INTEGER NOT NULL,
                message BLOB NOT NULL, tags TEXT NULL, manifest TEXT NULL, identifier INTEGER NULL, writer_uuid TEXT NULL,
                UNIQUE (persistence_id, sequence_number))
            """);
    }

    public List<Frame> At(string persistenceId, IReadOnlyList<long> sequenceNumbers)
    {
        using var lease = new Lease(this);
        return lease.Reader.At(persistenceId, sequenceNumbers);
    }

    public List<Frame> From(string persistenceId, long sequenceNumber, int max)
    {
        using var lease = new Lease(this);
        return lease.Reader.From(persistenceId, sequenceNumber, max);
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private readonly struct Lease(FrameTable table) : IDisposable
    {
        public Reader Reader { get; } = table._idle.TryTake(out var idle) ? idle : new Reader(table.Path);

        public void Dispose() => table._idle.Add(Reader);
    }

    private string Path => path;

    private sealed class Reader : IDisposable
    {
        private readonly SqliteDatabase _database;
        private readonly SqliteStatement _one;
        private readonly SqliteStatement _from;

        public Reader(string path)
        {
            _database = SqliteDatabase.Open(path, SqliteAccess.Read);
            _one = _database.Prepare("SELECT message FROM journal WHERE persistence_id = ? AND sequence_number = ?");
            _from = _database.Prepare("SELECT message FROM journal WHERE persistence_id = ? AND sequence_number >= ? ORDER BY sequence_number LIMIT ?");
        }

        public List<Frame> At(string persistenceId, IReadOnlyList<long> sequenceNumbers)
        {
            var frames = new List<Frame>(sequenceNumbers.Count);
            _database.Execute("BEGIN");
            try
            {
                foreach (var sequenceNumber in sequenceNumbers)
                {
                    _one.Bind(1, persistenceId);
                    _one.Bind(2, sequenceNumber);
                    if (!_one.Step())
                        throw new JournalException($"{persistenceId}: frame {sequenceNumber} is missing");
                    frames.Add(FrameCodec.Decode(_one.Bytes(0)).Frame);
                    _one.Reset();
                }
            }
            finally
            {
                _one.Reset();
                _database.Execute("COMMIT");
            }

            return frames;
        }

        public List<Frame> From(string persistenceId, long sequenceNumber, int max)
        {
            var frames = new List<Frame>();
            _from.Bind(1, persistenceId);
            _from.Bind(2, sequenceNumber);
            _from.Bind(3, max);
            while (_from.Step())
                frames.Add(FrameCodec.Decode(_from.Bytes(0)).Frame);
            _from.Reset();
            return frames;
        }

        public void Dispose() => _database.Dispose();
    }
}
