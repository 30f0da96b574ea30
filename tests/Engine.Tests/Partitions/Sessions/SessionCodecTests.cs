using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Tests.Journal;
using static Amoe.Engine.Tests.Partitions.Sessions.SessionSteps;

namespace Amoe.Engine.Tests.Partitions.Sessions;

/// <summary>Messages of sessions are read as they were meant, and bytes that no writer made are refused.</summary>
public sealed class SessionCodecTests
{
    private static readonly Type[] _commands =
        [.. typeof(Command).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static TheoryData<string> Kinds =>
        [.. typeof(SessionMessage).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SessionMessage)))
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
            Assert.Equal(Text(sent), Text(SessionCodec.Read(Written(sent))));
        }
    }

    [Fact]
    public void Any_message_arrives_as_it_was_sent() => Properties.Check(
        Properties.FromSeeds(Message),
        one =>
        {
            var bytes = Written(one.Made);
            var read = SessionCodec.Read(bytes);
            Assert.Equal(Text(one.Made), Text(read));
            return Written(read).AsSpan().SequenceEqual(bytes);
        },
        count: 5_000);

    [Fact]
    public void The_estimate_of_an_item_is_never_less_than_its_bytes() => Properties.Check(
        Properties.FromSeeds(Item),
        one =>
            Written(new Batch(Sender, 1, 0, [one.Made])).Length - Written(new Batch(Sender, 1, 0, Items(0))).Length
                + Written(Items(0)[0]) <= one.Made.BytesMax,
        count: 20_000);

    [Fact]
    public void A_full_batch_stays_below_its_bound()
    {
        var sender = new SessionSender(Sender, new SessionOptions());
        var random = new Random(1);
        for (var i = 0; i < 4_096; i++)
            sender.Post(Item(random), NoReply.Instance, default);
        sender.TakeActions();
        sender.OnOpened(new SessionOpened(1, 4_096), default);
        var batches = sender.TakeActions().ToPartition;
        Assert.True(batches.Count > 3);
        Assert.All(batches, batch => Assert.InRange(Written(batch).Length, 1, new SessionOptions().BatchBytesMax));
    }

    [Fact]
    public void A_message_cut_short_or_followed_by_more_is_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Written(Message(random));
            for (var length = 0; length < Math.Min(bytes.Length, 100); length++)
                Assert.Throws<InvalidDataException>(() => SessionCodec.Read(bytes.AsSpan(0, length)));
            Assert.Throws<InvalidDataException>(() => SessionCodec.Read([.. bytes, 0]));
        }
    }

    [Fact]
    public void Garbage_is_refused_and_nothing_else_happens() => Properties.Check(
        Properties.FromSeeds(Garbage),
        one =>
        {
            try
            {
                SessionCodec.Read(one.Made);
            }
            catch (InvalidDataException)
            {
                // As it should.
            }

            return true;
        },
        count: 20_000);

    [Fact]
    public void A_number_of_items_that_cannot_follow_allocates_nothing_for_them()
    {
        var bytes = new byte[40];
        bytes[0] = 3;
        bytes.AsSpan(19, 9).Fill(0xFF);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => SessionCodec.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_batch_without_items_or_with_more_than_can_travel_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => SessionCodec.Read(Written(new Batch(Sender, 1, 0, []))));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Written(new Batch(Sender, 1, 0, new SessionItem[SessionCodec.ItemsMax + 1])));
        Assert.Throws<InvalidDataException>(() => SessionCodec.Read(Written(new SessionOpened(1, 0))));
    }

    private static SessionMessage Message(Random random)
    {
        var (session, number) = (random.NextInt64() >> random.Next(63), random.NextInt64() >> random.Next(63));
        return random.Next(8) switch
        {
            0 => new OpenSession(Sender, session),
            1 => new SessionOpened(session, random.Next(1, int.MaxValue)),
            2 =>
                new Batch(
                    Sender, session, number, [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Item(random))]),
            3 =>
                new BatchAnswered(
                    session, number, [.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => Reply(random))]),
            4 => new SessionRefused(session),
            5 => new ProbeSession(Sender, session, number),
            6 => new OutOfService(session),
            _ => new SessionAlive(session, number),
        };
    }

    private static SessionItem Item(Random random) => random.Next(8) == 0
        ? SessionItem.OfDay(
            random.Next(2) == 0 ? CommandKind.OpenDay : CommandKind.CloseDay,
            CommandBounds.FirstDay.AddDays(random.Next(30_000)))
        : SessionItem.Of(
            new Maker(random, (ulong)random.NextInt64() % CommandId.ReferenceLimit)
                .Command(_commands[random.Next(_commands.Length)]));

    private static Reply Reply(Random random) => new(
        default, (Outcome)random.Next(16), (Reason)random.Next(20),
        random.Next(3) == 0 ? new Maker(random, 5).Value(typeof(ClaimAnswer), "") : null);

    /// <summary>Now random bytes, now a true message of which a few bytes are others.</summary>
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

    private static byte[] Written(SessionMessage message)
    {
        var writer = new ByteWriter(16);
        SessionCodec.Write(writer, message);
        return writer.Written.ToArray();
    }

    private static int Written(in SessionItem item)
    {
        var writer = new ByteWriter(16);
        CommandCodec.Write(writer, item.Command!);
        return writer.Length;
    }

    // Two lists of the same items are not equal to a record, and a list of commands is written without their fields.
    private static string Text(SessionMessage message) => message switch
    {
        Batch batch =>
            $"{batch with { Items = [] }} {string.Join(' ', batch.Items.Select(item => Json(item.Command) + item))}",
        BatchAnswered answered =>
            $"{answered with { Replies = [] }} {string.Join(' ', answered.Replies.Select(reply => Json(reply.Answer) + reply))}",
        _ => message.ToString(),
    };

    private static string Json(object? thing) =>
        thing is null ? "" : System.Text.Json.JsonSerializer.Serialize(thing, thing.GetType());
}
