using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Bench.Ladder;

/// <summary>SQLite in this process, one fresh file after the other.</summary>
internal sealed class SqliteLadderStore(string path) : ILadderStore
{
    private BareLayout? _best;

    public string Description => "SQLite, WAL, synchronous FULL";

    public string FindBestBare(byte[] bytes)
    {
        _best = Bare.FindBest(bytes, path);
        return _best.ToString();
    }

    public Taken AppendBare(byte[] bytes, int rowBytes = 0)
    {
        var best = _best ?? throw new InvalidOperationException("what is best was not looked for");
        return Bare.Append(bytes, rowBytes == 0 ? best : best with { RowBytes = rowBytes }, path);
    }

    public ILadderPlace NewPlace() => new Place(path);

    public StoreUse Use() => default;

    public void Dispose()
    {
        // Every place has cleared up after itself.
    }

    private sealed class Place(string path) : ILadderPlace
    {
        private readonly ScratchFiles _files = new(path);

        public JournalAddress Address { get; } = JournalAddress.Parse(path);

        /// <summary>Frames by SQLite's own interface: what the store takes without the actors that write it in the program.</summary>
        public IWritableJournal CreateJournal(JournalIdentity identity) => FrameWriter.Create(path, identity);

        public IJournal OpenJournal() => SqliteJournal.OpenReadOnly(path);

        // A file has no snapshots yet.
        public ISnapshotStore OpenSnapshots(IWritableJournal journal) => new MemorySnapshotStore();

        public void Dispose() => _files.Dispose();
    }
}
