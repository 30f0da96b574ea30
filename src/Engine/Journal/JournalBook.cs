namespace Amoe.Engine.Journal;

/// <summary>
/// The entries of a journal about itself: its identity, the rulebooks adopted since, the days opened, and how far its
/// opening balances have come. It follows
/// from the journal's own entries, one after the other, and says how the next one is written.
/// </summary>
/// <remarks>One thread at a time changes it.</remarks>
public sealed class JournalBook
{
    private readonly List<AdoptedRulebook> _adoptions = [];

    // The last day opened under each rulebook; the default where none was.
    private readonly List<DateOnly> _lastDays = [];
    private JournalIdentity? _identity;
    private uint _checksum;

    /// <exception cref="InvalidOperationException">No entry was followed.</exception>
    public JournalIdentity Identity =>
        _identity ?? throw new InvalidOperationException("nothing says what the journal was created with");

    public bool IsEmpty => _identity is null;

    /// <summary>The rulebooks adopted since, in order.</summary>
    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

    /// <summary>The number of the rulebook under which the next day opens: 0 is the one of the creation.</summary>
    public int Rulebook => _adoptions.Count;

    /// <summary>The last day that partitions may have opened; the default before the first.</summary>
    public DateOnly LastDay { get; private set; }

    /// <summary>How far its opening balances have come.</summary>
    public OpeningPhase Opening { get; private set; }

    /// <summary>Entries followed: the sequence number of the last one.</summary>
    public long SequenceNumber { get; private set; }

    /// <summary>Takes the next entry.</summary>
    /// <exception cref="InvalidDataException">
    /// It is damaged, or does not follow the one before. Nothing was taken.
    /// </exception>
    internal void Follow(ReadOnlySpan<byte> entry)
    {
        switch (JournalEntry.Decode(entry, SequenceNumber + 1, _checksum))
        {
            case JournalIdentity identity when IsEmpty:
                _identity = identity;
                _lastDays.Add(default);
                break;
            case AdoptedRulebook adopted when !IsEmpty && adopted.Number == Rulebook + 1:
                _adoptions.Add(adopted);
                _lastDays.Add(default);
                break;
            case DayOpened opened when !IsEmpty && opened.Day > LastDay && opened.Rulebook == Rulebook:
                LastDay = _lastDays[Rulebook] = opened.Day;
                break;
            case OpeningMarked marked when !IsEmpty && WhyNot(marked) is null:
                Opening = marked.Phase;
                break;
            case var other:
                throw new InvalidDataException($"{other} does not follow the entry before it");
        }

        SequenceNumber++;
        _checksum = JournalEntry.ChecksumOf(entry);
    }

    /// <summary>Why it takes no opening balances, as a sentence; null where it does.</summary>
    internal string? WhyNoOpening =>
        Opening == OpeningPhase.Begun ? null : WhyNot(new OpeningMarked(OpeningPhase.Begun, LastDay));

    /// <summary>Why a phase of opening balances does not come next, as a sentence; null where it does.</summary>
    internal string? WhyNot(OpeningMarked mark) => (Opening, mark.Phase) switch
    {
        (OpeningPhase.None, OpeningPhase.Begun) when LastDay != default =>
            $"it has opened {LastDay:yyyy-MM-dd}, and opening balances are taken before the first business day. "
            + "Begin a journal with them.",
        (OpeningPhase.None, OpeningPhase.Begun) or (OpeningPhase.Begun, OpeningPhase.Closed) =>
            mark.Day == LastDay ? null : $"its last day is {LastDay:yyyy-MM-dd}, not {mark.Day:yyyy-MM-dd}.",
        (OpeningPhase.Closed, _) => "its opening balances were reconciled and closed, and are taken once.",
        _ => "it takes no opening balances: begin them with serve --opening.",
    };

    /// <summary>The next entry as bytes; it counts once it was followed.</summary>
    internal byte[] Encode(object entry) => JournalEntry.Encode(entry, SequenceNumber + 1, _checksum);

    /// <summary>The rulebook under which a day was opened, and the last day opened under it.</summary>
    /// <exception cref="InvalidOperationException">The day is not open.</exception>
    public DayOpened Find(DateOnly day)
    {
        var rulebook = _lastDays.FindIndex(last => last >= day);
        return rulebook >= 0
            ? new DayOpened(_lastDays[rulebook], rulebook)
            : throw new InvalidOperationException($"{day:yyyy-MM-dd} is not open");
    }
}

/// <summary>Partitions may open a day, and those before it.</summary>
/// <param name="Rulebook">The number of the rulebook that decides on it: 0 is the one of the creation.</param>
public sealed record DayOpened(DateOnly Day, int Rulebook);
