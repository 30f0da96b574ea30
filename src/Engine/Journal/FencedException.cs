namespace Amoe.Engine.Journal;

/// <summary>
/// Nothing was appended, because shards have begun another epoch: another host owns them now. Whoever appended drops them at once; the other shards of the
/// transaction can be appended again without them.
/// </summary>
public sealed class FencedException(IReadOnlyList<int> shards, string message) : JournalException(message)
{
    /// <summary>The shards that were lost.</summary>
    public IReadOnlyList<int> Shards { get; } = shards;
}
