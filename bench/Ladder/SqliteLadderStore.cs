using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Ladder;

/// <summary>SQLite in this process, one fresh file after the other.</summary>
internal sealed class SqliteLadderStore(string path) : ILadderStore
{
    private BareLayout? _best;

    public string Description => "SQLite, WAL, synchronous FULL";

    public PartitionCounts Partitions => PartitionCounts.Embedded;

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

        public Task<LadderEngine> StartAsync(JournalIdentity identity, IActorLogic logic, EngineOptions options) =>
            StartAsync(SqliteJournal.Create(path, identity), logic, options);

        public Task<LadderEngine> RecoverAsync(IActorLogic logic, EngineOptions options) =>
            StartAsync(SqliteJournal.Open(path), logic, options);

        public IJournal OpenJournal() => SqliteJournal.OpenReadOnly(path);

        private static async Task<LadderEngine> StartAsync(
            SqliteJournal journal, IActorLogic logic, EngineOptions options) =>
            new(
                await PartitionRuntime.StartAsync(
                    journal, options, TimeProvider.System, Console.Error.WriteLine, _ => logic), journal, journal);

        public void Dispose() => _files.Dispose();
    }
}
