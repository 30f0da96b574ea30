using Amoe.Engine.Journal;

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

        public IJournal CreateJournal(JournalIdentity identity) => SqliteJournal.Create(path, identity);

        public IJournal OpenJournal() => SqliteJournal.OpenReadOnly(path);

        public ISnapshotStore OpenSnapshots(IJournal journal) => ((IJournalStore)journal).OpenSnapshots(Console.Error.WriteLine);

        public void Dispose() => _files.Dispose();
    }
}
