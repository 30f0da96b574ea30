using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Tests.Partitions.Wire;

/// <summary>
/// Messages about what is out of service are read as they were meant, stay small, and bytes that no writer made are
/// refused.
/// </summary>
public sealed class QuarantineCodecTests
{
    // Remoting carries 2 MiB.
    private const int BytesMax = 1 << 20;

    public static TheoryData<string> Kinds =>
        [.. typeof(QuarantineMessage).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(QuarantineMessage)))
            .Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_message_travels(string kind)
    {
        var random = new Random(1);
        foreach (var sent in Enumerable.Range(0, 200)
            .Select(_ => Message(random))
            .Where(message => message.GetType().Name == kind)
            .DefaultIfEmpty(null))
        {
            Assert.NotNull(sent);
            Assert.Equivalent(sent, QuarantineCodec.Read(Written(sent)), strict: true);
        }
    }

    [Fact]
    public void The_layout_is_as_it_was() => Assert.Equal(
        "020701E72303B960E8A25A80C0E6F2EA390477687921010500046C6F737401E823",
        Convert.ToHexString(Written(new QuarantineAnswered(
            7,
            [new StudentOut(new StudentId(4_583), 3, 12_345, new DateOnly(2025, 9, 15), 1_987_200_000_000, "why!")],
            [new PartitionOut(5, null, "lost")],
            4_584))));

    [Fact]
    public void A_long_reason_is_cut_between_two_characters()
    {
        var read = (PartitionRetried)QuarantineCodec.Read(
            Written(new PartitionRetried(1, RetryEnd.StillOut, "x" + new string('é', 1_000))));
        Assert.Equal("x" + new string('é', (QuarantineCodec.WhyBytesMax - 1) / 2), read.Why);
    }

    [Fact]
    public void The_largest_messages_can_be_carried()
    {
        var why = new string('w', 10_000);
        StudentOut[] students = [.. Enumerable.Range(0, QuarantineCodec.StudentsMax)
            .Select(i =>
                new StudentOut(
                    new StudentId(ulong.MaxValue - (ulong)i), 1_023, long.MaxValue, DateOnly.MaxValue,
                    253_402_300_799_999, why))];
        PartitionOut[] partitions = [.. Enumerable.Range(0, 1_024)
            .Select(i => new PartitionOut(i, 253_402_300_799_999, why))];
        Assert.InRange(Written(new QuarantineAnswered(1, students, partitions, ulong.MaxValue)).Length, 1, BytesMax);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Written(new RetryStudents(1, new StudentId[QuarantineCodec.StudentsMax + 1])));
    }

    [Fact]
    public void A_message_cut_short_or_followed_by_more_is_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Written(Message(random));
            for (var length = 0; length < Math.Min(bytes.Length, 100); length++)
                Assert.Throws<InvalidDataException>(() => QuarantineCodec.Read(bytes.AsSpan(0, length)));
            Assert.Throws<InvalidDataException>(() => QuarantineCodec.Read([.. bytes, 0]));
        }
    }

    [Fact]
    public void Garbage_is_refused_and_nothing_else_happens() => Properties.Check(
        Properties.FromSeeds(Garbage),
        one =>
        {
            try
            {
                QuarantineCodec.Read(one.Made);
            }
            catch (InvalidDataException)
            {
                // As it should.
            }

            return true;
        },
        count: 20_000);

    private static QuarantineMessage Message(Random random) => random.Next(6) switch
    {
        0 => new AskQuarantine((ulong)random.NextInt64()),
        1 => new QuarantineAnswered(
            random.NextInt64(),
            [.. Some(random).Select(_ =>
                new StudentOut(
                    Student(random), random.Next(1_024), random.NextInt64(), Day(random), Since(random), Why(random)))],
            [.. Some(random).Select(_ => new PartitionOut(random.Next(1_024), Since(random), Why(random)))],
            random.Next(2) == 0 ? null : (ulong)random.NextInt64()),
        2 => new RetryStudents(random.Next(1_024), [.. Some(random).Select(_ => Student(random))]),
        3 =>
            new StudentsRetried(
                random.Next(1_024),
                [.. Some(random).Select(_ => new Retried(Student(random), End(random), Why(random)))]),
        4 => new RetryPartition(random.Next(1_024)),
        _ => new PartitionRetried(random.Next(1_024), End(random), Why(random)),
    };

    private static IEnumerable<int> Some(Random random) => Enumerable.Range(0, random.Next(5));

    private static StudentId Student(Random random) => new((ulong)random.NextInt64());

    private static DateOnly Day(Random random) => new DateOnly(2020, 1, 1).AddDays(random.Next(10_000));

    private static long? Since(Random random) => random.Next(3) == 0 ? null : 1 + random.NextInt64(4_000_000_000_000);

    private static string Why(Random random) => new('é', random.Next(QuarantineCodec.WhyBytesMax / 2));

    private static RetryEnd End(Random random) => (RetryEnd)random.Next(1, 7);

    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        if (random.Next(4) == 0)
            return bytes;
        bytes = Written(Message(random));
        for (var i = random.Next(4); i >= 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] Written(QuarantineMessage message)
    {
        var writer = new ByteWriter(16);
        QuarantineCodec.Write(writer, message);
        return writer.Written.ToArray();
    }
}
