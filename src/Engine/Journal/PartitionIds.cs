namespace Amoe.Engine.Journal;

/// <summary>The persistence ids of a journal's partitions: those of students, then those of ledgers.</summary>
internal sealed class PartitionIds
{
    private readonly string[] _ids;
    private readonly Dictionary<string, int> _partitions;
    private readonly string _path;

    public PartitionIds(JournalIdentity identity, string path)
    {
        _path = path;
        _ids = [.. Enumerable.Range(0, identity.TotalPartitions).Select(identity.PersistenceIdOf)];
        _partitions = Enumerable.Range(0, _ids.Length).ToDictionary(partition => _ids[partition]);
    }

    public int Count => _ids.Length;

    public string this[int partition] => _ids[partition];

    /// <exception cref="JournalException">The journal has no such partition.</exception>
    public int PartitionOf(string persistenceId) => _partitions.TryGetValue(persistenceId, out var partition)
        ? partition
        : throw new JournalException(
            $"{_path}: the file is damaged: it has events of «{persistenceId}», which is none of its partitions. Restore the journal from a copy.");
}
