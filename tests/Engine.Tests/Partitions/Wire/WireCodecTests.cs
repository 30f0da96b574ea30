using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Engine.Tests.Partitions.Wire;

/// <summary>
/// A message between processes is decoded as it was encoded, field by field. Bytes that no sender encodes are refused.
/// </summary>
public sealed class WireCodecTests
{
    private const ulong Claim = 4_711;

    private static readonly Type[] Commands =
        [.. typeof(Command).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    private static readonly Type[] Answers = [typeof(ClaimsRevised), typeof(EntitlementAnswer), typeof(ClaimAnswer)];

    [Fact]
    public void Every_kind_of_command_and_question_travels()
    {
        var sent = Commands.Select(type => new Maker(new Random(1), Claim).Command(type)).ToList();
        Assert.Equal(
            Enum.GetValues<CommandKind>().Where(kind => kind.IsCommand()).Order(),
            sent.Select(command => command.Kind).Order());
        foreach (var command in sent)
            AssertSame(command, Read(Written(command)));
    }

    [Fact]
    public void Any_command_arrives_as_it_was_sent_and_means_the_same() => Properties.Check(
        Properties.FromSeeds(random =>
            new Maker(random, (ulong)random.NextInt64() % CommandId.ReferenceLimit)
                .Command(Commands[random.Next(Commands.Length)])),
        one =>
        {
            AssertSame(one.Made, Read(Written(one.Made)));
            return true;
        },
        count: 20_000);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_command_that_holds_from_the_day_it_is_known_arrives_as_one_and_has_the_same_fingerprint_on_another_day(
        byte attempt)
    {
        Command On(DateOnly day) =>
            new TransmitApplication(new StudentId(7), 1, day, day) { Attempt = attempt, EffectiveWhenKnown = true };
        var (today, tomorrow) = (Read(Written(On(new DateOnly(2025, 9, 15)))),
            Read(Written(On(new DateOnly(2025, 9, 16)))));
        AssertSame(On(new DateOnly(2025, 9, 15)), today);
        Assert.True(today.EffectiveWhenKnown);
        Assert.Equal(today.Fingerprint(), tomorrow.Fingerprint());
    }

    [Fact]
    public void A_question_that_says_more_than_it_should_arrives_as_it_was_asked()
    {
        var asked = new AskEntitlement(
            new StudentId(7), new DateOnly(2025, 1, 1),
            new DateOnly(2025, 9, 15))
        { Reference = 12, Effective = new DateOnly(2024, 2, 29), Attempt = 3 };
        AssertSame(asked, Read(Written(asked)));
    }

    [Fact]
    public void A_sheet_of_more_lines_than_can_travel_is_known_before_it_is_written()
    {
        var deposit = (DepositClaim)new Maker(new Random(1), Claim).Command(typeof(DepositClaim));
        Assert.True(CommandCodec.CanWrite(deposit with { Lines = new ClaimLine[CommandCodec.LinesMax] }));
        Assert.False(CommandCodec.CanWrite(deposit with { Lines = new ClaimLine[CommandCodec.LinesMax + 1] }));
        var most = deposit with { Lines = new ClaimLine[CommandCodec.LinesMax] };
        AssertSame(most, Read(Written(most)));
    }

    [Fact]
    public void A_command_cut_short_is_refused_wherever_it_is_cut()
    {
        foreach (var type in Commands)
        {
            var bytes = Written(new Maker(new Random(2), Claim).Command(type));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        }
    }

    [Fact]
    public void Any_reply_arrives_as_it_was_sent() => Properties.Check(
        Properties.FromSeeds(random => new Reply(
            new CommandId(CommandKind.Declare, 5), (Outcome)new Maker(random, Claim).Value(typeof(Outcome), "")!,
            (Reason)new Maker(random, Claim).Value(typeof(Reason), "")!,
            random.Next(3) == 0 ? null : new Maker(random, Claim).Value(Answers[random.Next(Answers.Length)], ""))),
        one =>
        {
            var bytes = Written(one.Made);
            var read = ReadReply(bytes);
            Assert.Equal((default, one.Made.Outcome, one.Made.Reason), (read.Command, read.Outcome, read.Reason));
            Assert.Equal(one.Made.Answer?.GetType(), read.Answer?.GetType());
            Assert.Equal(Fields(one.Made.Answer), Fields(read.Answer));
            return Written(read).AsSpan().SequenceEqual(bytes);
        },
        count: 10_000);

    [Fact]
    public void Garbage_is_refused_and_nothing_else_happens() => Properties.Check(
        Properties.FromSeeds(Garbage),
        one =>
        {
            IsReadOrRefused(() => Read(one.Made));
            IsReadOrRefused(() => ReadReply(one.Made));
            return true;
        },
        count: 50_000);

    /// <summary>Now random bytes, now a true command or reply of which a few bytes are others.</summary>
    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        if (random.Next(4) == 0)
            return bytes;
        bytes = Written(new Maker(random, Claim).Command(Commands[random.Next(Commands.Length)]));
        for (var i = random.Next(4); i >= 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static void IsReadOrRefused(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // As it should.
        }
    }

    private static byte[] Written(Command command)
    {
        var writer = new ByteWriter(16);
        CommandCodec.Write(writer, command);
        return writer.Written.ToArray();
    }

    private static byte[] Written(in Reply reply)
    {
        var writer = new ByteWriter(16);
        ReplyCodec.Write(writer, reply);
        return writer.Written.ToArray();
    }

    private static Command Read(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        return CommandCodec.Read(ref reader, reader.Byte());
    }

    private static Reply ReadReply(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        return ReplyCodec.Read(ref reader, reader.Byte());
    }

    private static void AssertSame(Command sent, Command came)
    {
        Assert.Equal(sent.GetType(), came.GetType());
        Assert.Equal(Fields(sent), Fields(came));
        Assert.Equal(sent.Fingerprint(), came.Fingerprint());
    }

    // Two lists of the same lines are not equal to a record.
    private static string Fields(object? thing) =>
        thing is null ? "" : System.Text.Json.JsonSerializer.Serialize(thing, thing.GetType());
}
