namespace Amoe.Engine.Journal;

/// <summary>
/// Where a shard's log ends, and the two checks that carry it forward: of a segment offered for appending, and of one read back.
/// </summary>
/// <param name="Offset">The number of records: the offset of the next segment.</param>
/// <param name="Epoch">The epoch of the last segment; an earlier one may not write any more.</param>
/// <param name="LastId">The place of the shard's last segment in the order of commit, from 1; 0 before the first.</param>
/// <param name="PayloadBytes">The bytes of all its payloads.</param>
internal readonly record struct ShardHead(long Offset, long Epoch, long LastId, long PayloadBytes)
{
    /// <summary>The head after appending <paramref name="segment"/>.</summary>
    /// <exception cref="JournalException">The segment may not be appended here.</exception>
    public ShardHead Append(in Segment segment, long id, string journal)
    {
        if (!segment.IsIntact)
            throw Refused(journal, segment, "its checksum does not fit its content: the payload changed after it was sealed. Seal it again.");
        if (segment.Count < 1)
            throw Refused(journal, segment, "it holds no record. Append only turns that recorded something.");
        if (segment.Epoch < Epoch)
            throw Fenced(journal, segment, Epoch, [segment.Shard]);
        if (segment.Offset != Offset)
            throw Refused(journal, segment, $"the shard's head is at {Offset}. Reload the shard and decide again.");
        return After(segment, id);
    }

    /// <summary>The head after <paramref name="segment"/>, read back at place <paramref name="id"/>.</summary>
    /// <exception cref="JournalException">The segment is corrupt, or one before it is missing.</exception>
    public ShardHead Follow(in Segment segment, long id, string journal)
    {
        if (!segment.IsIntact || segment.Count < 1)
            throw Damage(journal, segment.Shard, segment.Offset, "its checksum does not fit its content");
        if (segment.Offset != Offset)
            throw Damage(journal, segment.Shard, Offset, $"it is missing, the next one begins at {segment.Offset}");
        if (segment.Epoch < Epoch)
            throw Damage(journal, segment.Shard, segment.Offset, $"its epoch {segment.Epoch} is older than epoch {Epoch} before it");
        return After(segment, id);
    }

    /// <summary>The refusal of a segment that may not be appended.</summary>
    public static JournalException Refused(string journal, in Segment segment, string why) =>
        new($"{Refusal(journal, segment)} {why}");

    /// <summary>The refusal of a segment whose shard has begun another epoch since, as all of <paramref name="shards"/> have.</summary>
    public static FencedException Fenced(string journal, in Segment segment, long epoch, IReadOnlyList<int> shards) =>
        new(shards, $"{Refusal(journal, segment)} it is of epoch {segment.Epoch} and epoch {epoch} has begun since. Another owner has the shard: give it up.");

    /// <summary>Refuses a log that does not end where the store says the last commit left it.</summary>
    public void RequireSame(ShardHead committed, int shard, string journal)
    {
        if (this != committed)
            throw Damage(journal, shard, Offset, $"the log ends here, and {committed.Offset} records were committed");
    }

    /// <summary>Nothing after a damaged segment is to be trusted, so the only cure is a copy.</summary>
    public static JournalException Damage(string journal, int shard, long offset, string what) =>
        new($"{journal}: the segment of shard {shard} at offset {offset} is damaged: {what}. Restore the journal from a copy.");

    private static string Refusal(string journal, in Segment segment) =>
        $"{journal}: the segment of shard {segment.Shard} at offset {segment.Offset} was refused and nothing was written:";

    private ShardHead After(in Segment segment, long id) =>
        new(Offset + segment.Count, segment.Epoch, id, PayloadBytes + segment.Payload.Length);
}
