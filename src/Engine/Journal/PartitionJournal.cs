namespace Amoe.Engine.Journal;

/// <summary>
/// A journal whose events partitions append through Akka.Persistence.Sql, in a file or in a database. This reads it.
/// One that is opened for writing keeps other writers out until it is disposed.
/// </summary>
internal abstract class PartitionJournal(string name) : IJournal
{
    private volatile IReadOnlyList<AdoptedRulebook> _adoptions = [];

    /// <summary>Its name in messages: the file's path, or the address without its password.</summary>
    public string Name { get; } = name;

    public JournalIdentity Identity { get; private set; } = null!;

    /// <summary>As of when this was opened, or <see cref="ReadAdoptions"/> was last called.</summary>
    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

    /// <summary>Whether this process may still speak for the journal.</summary>
    public virtual IJournalLease Lease => FileLease.Instance;

    /// <summary>True where the store may go and come back while this process goes on.</summary>
    public virtual bool ComesBack => false;

    /// <summary>The partitions' frames.</summary>
    public FrameTable Frames { get; private set; } = null!;

    public long Head(int partition)
    {
        RequirePartition(partition);
        return Frames.With(reader => reader.End(partition)).NextRecord;
    }

    public IEnumerable<Segment> Read(int partition, long fromOffset = 0)
    {
        RequirePartition(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        return Frames.Each(reader => reader.Read(partition, fromOffset)).SelectMany(frame => frame.SegmentsSealed())
            .SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IReadOnlyList<Segment> ReadAt(int partition, IReadOnlyList<long> offsets)
    {
        RequirePartition(partition);
        return Frames.With(reader => reader.SegmentsAt(partition, offsets));
    }

    public IEnumerable<Segment> ReadAll() =>
        Frames.Each(reader => reader.ReadAll()).SelectMany(frame => frame.SegmentsSealed());

    public JournalBook ReadBook()
    {
        using var rows = OpenRows();
        return ReadBook(rows, Name);
    }

    /// <summary>Reads the rulebooks adopted by now, where another host may have adopted one.</summary>
    /// <exception cref="JournalException">The journal is damaged, or out of reach.</exception>
    public IReadOnlyList<AdoptedRulebook> ReadAdoptions() => _adoptions = ReadBook().Adoptions;

    public JournalSize Measure() => Frames.With(reader => reader.Measure());

    public void CheckStore() => Frames.With(reader =>
    {
        reader.RequireSound();
        return true;
    });

    /// <summary>The store's own error as a line for a person; null where it is none of the store's.</summary>
    /// <returns>A <see cref="JournalUnavailableException"/> where it says nothing of what the store holds.</returns>
    public abstract JournalException? FailureOf(Exception e);

    public virtual void Dispose() => Frames?.Dispose();

    /// <summary>Reads the journal's own entries.</summary>
    /// <exception cref="JournalException">It is damaged, or of another format.</exception>
    internal static JournalBook ReadBook(IEventRows rows, string name)
    {
        var book = new JournalBook();
        foreach (var (number, entry) in rows.From(JournalTable.JournalId, 1, JournalTable.EntryManifest))
        {
            var next = book.SequenceNumber + 1;
            if (number != next)
                throw JournalTable.Damage(
                    name, JournalTable.JournalId, next, $"it is missing, and event {number} is there");
            try
            {
                book.Follow(entry);
            }
            catch (InvalidDataException e)
            {
                throw JournalTable.Damage(name, JournalTable.JournalId, number, e.Message, e);
            }
        }

        if (book.IsEmpty)
            throw JournalTable.Damage(
                name, JournalTable.JournalId, 1, "it is missing, and nothing says what the journal was created with");
        if (book.Identity.FormatVersion != JournalIdentity.CurrentFormatVersion)
            throw new JournalException(
                $"{name}: it has format version {book.Identity.FormatVersion} and this program reads {JournalIdentity.CurrentFormatVersion}. Open it with the program that made it.");
        return book;
    }

    /// <summary>Opens a connection for reading.</summary>
    /// <exception cref="JournalException">It cannot be opened, or is no journal of this layout.</exception>
    protected abstract IEventRows OpenRows();

    /// <summary>Says better why reading failed.</summary>
    protected virtual JournalException Explain(JournalException failure) => failure;

    /// <summary>Reads what the journal says of itself: the first step of every constructor.</summary>
    /// <exception cref="JournalException">It is damaged, or of another format.</exception>
    protected void Load(IEventRows rows)
    {
        var book = ReadBook(rows, Name);
        (Identity, _adoptions) = (book.Identity, book.Adoptions);
        var ids = new PartitionIds(Identity, Name);
        RequireWhole(rows, ids);
        Frames = new FrameTable(() => new FrameReader(OpenRows(), Name, ids), Explain);
    }

    /// <summary>
    /// Looks whether each persistence id is one of the journal's, and has every sequence number from 1 to its highest.
    /// </summary>
    private void RequireWhole(IEventRows rows, PartitionIds ids)
    {
        foreach (var (id, first, last, count) in rows.Ranges())
        {
            if (id != JournalTable.JournalId)
                _ = ids.PartitionOf(id);
            if (first != 1 || last != count)
                throw new JournalException(
                    $"{Name}: it is damaged: {id} has {count} events numbered from {first} to {last}. Restore the journal from a copy.");
        }
    }

    private void RequirePartition(int partition)
    {
        if ((uint)partition >= (uint)Identity.TotalPartitions)
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition, $"The journal has {Identity.TotalPartitions} partitions.");
    }
}
