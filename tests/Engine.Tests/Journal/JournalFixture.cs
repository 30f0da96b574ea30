using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A folder for one test, gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("amoe-").FullName;

    public string FullName => _path;

    public string this[string name] => Path.Combine(_path, name);

    public string[] Files => [.. Directory.GetFiles(_path).Select(file => Path.GetFileName(file)).Order()];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

internal static class Some
{
    public const int Partitions = 8;

    public static readonly JournalIdentity Identity = new(
        JournalIdentity.CurrentFormatVersion, Partitions, "règles: 1\n", "année", ulong.MaxValue, 50);

    public static byte[] Bytes(int length, int seed) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (seed * 7)))];

    public static Segment Segment(int partition, long offset, int count = 3, long epoch = 1, int length = 100) =>
        Engine.Journal.Segment.Seal(partition, offset, epoch, count, Bytes(length, (int)offset + partition));

    /// <summary>Round after round, a segment of three records on every partition.</summary>
    public static void Fill(ISegmentJournal journal, int rounds, int length = 100)
    {
        for (var round = 0; round < rounds; round++)
            journal.Append(
                [.. Enumerable.Range(0, Partitions).Select(partition =>
                    Segment(partition, round * 3L, length: length))]);
    }

    public static void AssertSame(Segment expected, Segment actual)
    {
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
    }

    /// <summary>The one line of a refusal, which has to say each of these.</summary>
    public static void AssertRefused(Action action, params string[] says) =>
        AssertRefused<JournalException>(action, says);

    public static T AssertRefused<T>(Action action, params string[] says)
        where T : JournalException
    {
        var refused = Assert.ThrowsAny<T>(action);
        Assert.DoesNotContain('\n', refused.Message);
        foreach (var word in says)
            Assert.True(
                refused.Message.Contains(word, StringComparison.Ordinal), $"«{word}» is not in: {refused.Message}");
        return refused;
    }
}
