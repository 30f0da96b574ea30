using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Partitions;

/// <summary>
/// What other partitions have for this one, as far as it is known here. Student partitions come first, party partitions
/// behind them.
/// </summary>
internal interface IRelay
{
    /// <summary>
    /// Adds what a party partition has not taken of the days before one to <paramref name="postings"/>, and moves its
    /// marks.
    /// </summary>
    /// <param name="through">By student partition, the last batch taken.</param>
    void Fetch(int partition, DateOnly before, long[] through, List<Posting> postings);

    /// <summary>
    /// What the claims of a student partition are to be sent by a day, in an order that does not depend on who said it
    /// first.
    /// </summary>
    IReadOnlyList<RecoveryNotice> NoticesTo(int partition, DateOnly day);

    /// <summary>The last batch of a student partition that every party partition has taken durably.</summary>
    long TakenByAll(int partition);
}
