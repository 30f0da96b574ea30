using System.Text;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Host.Api.Emitting;

namespace Amoe.Host.Tests.Api;

/// <summary>Days are written in order and whole, commands once, and what cannot be written is said.</summary>
public sealed class EmittedStreamTests
{
    private static readonly DateOnly _first = new(2025, 9, 1);

    [Fact]
    public void Days_are_written_in_order_however_far_one_partition_is_ahead()
    {
        var world = new World();
        world.Post(1, _first, "a");
        world.Close(1, _first);
        world.Post(1, _first.AddDays(1), "b");
        world.Close(1, _first.AddDays(1));
        Assert.Equal("", world.Written);

        world.Post(0, _first, "c");
        world.Post(0, _first, "d");
        world.Close(0, _first);
        Assert.Equal("open 1, c, d, a, close 1", world.Written);

        world.Close(0, _first.AddDays(1));
        Assert.Equal("open 1, c, d, a, close 1, open 2, b, close 2", world.Written);
        Assert.Equal(4, world.Stream.Commands);
    }

    [Fact]
    public void A_command_that_is_sent_again_is_written_once()
    {
        var world = new World();
        world.Post(0, _first, "a");
        world.Post(0, _first, "b");
        world.Post(0, _first, "a");
        world.CloseAll(_first);
        Assert.Equal("open 1, a, b, close 1", world.Written);
        Assert.Equal(2, world.Stream.Commands);
        Assert.Equal(3, world.Engine.Posted);
    }

    [Fact]
    public void A_day_whose_close_was_lost_is_not_closed()
    {
        var world = new World();
        world.Post(0, _first, "a");
        world.Engine.Answer = Outcome.Unknown;
        world.CloseAll(_first);
        Assert.Equal("", world.Written);

        world.Engine.Answer = Outcome.Done;
        world.Post(0, _first, "a");
        world.CloseAll(_first);
        Assert.Equal("open 1, a, close 1", world.Written);
    }

    [Fact]
    public void A_day_that_not_every_partition_has_closed_is_left_out()
    {
        var world = new World();
        world.Post(0, _first, "a");
        world.Close(0, _first);
        world.Stream.Finish();
        Assert.Equal("", world.Written);
    }

    [Fact]
    public void Drivers_speak_to_the_engine_as_they_would_without_it()
    {
        var world = new World();
        Assert.Equal((World.Partitions, 1), (world.Target.StudentPartitions, world.Target.LedgerPartitions));
        Assert.Equal(7, world.Target.IncarnationOf(0));
        world.Close(0, _first);
        Assert.Equal(3, world.Engine.Incarnation);
    }

    [Fact]
    public void A_full_disk_ends_the_run_and_is_said_with_the_file_s_name()
    {
        var world = new World(new FullDisk(roomBytes: 200));
        world.CloseAll(_first);
        Assert.False(world.Stream.Broken.IsCancellationRequested);

        world.CloseAll(_first.AddDays(1));
        world.CloseAll(_first.AddDays(2));
        Assert.True(world.Stream.Broken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        Assert.Equal(
            "commands/stream.ndjson: No space left on device", Assert.Throws<IOException>(world.Stream.Finish).Message);
        world.Stream.Dispose();
    }

    [Fact]
    public void A_disk_that_is_full_at_the_very_end_is_said_too()
    {
        var world = new World(new FullDisk(roomBytes: 0, failsAtFlush: true));
        Assert.Equal(
            "commands/stream.ndjson: No space left on device", Assert.Throws<IOException>(world.Stream.Finish).Message);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_refused_and_nothing_is_touched()
    {
        using var folder = new TestFolder();
        var mine = folder.Write("mine", "of my cat");
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--emit", folder.Path))
            .IsRefusal(2, $"{folder.Path}: it is not empty, and nothing was touched. Name another folder.");
        Assert.Equal([mine], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused()
    {
        using var folder = new TestFolder();
        var mine = folder.Write("mine", "of my cat");
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--emit", mine))
            .IsRefusal(2, $"{mine}: no folder can be made there, or nothing can be written to it: ");
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--emit", Path.Combine(mine, "below")))
            .IsRefusal(2, "below: no folder can be made there, or nothing can be written to it: ");
    }

    [Fact]
    public async Task A_run_that_does_not_begin_leaves_no_folder_behind()
    {
        using var folder = new TestFolder();
        var emitted = folder.File("commands");
        (await AmoeCommand.RunAsync(
            "simulate", "--scale", "0.001", "--emit", emitted, "--journal", folder.File("nowhere/year.amoe")))
                .IsRefusal(3, "year.amoe");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(
        "--emit writes a year's commands from its first day on, and --resume begins later", "--journal", "year.amoe",
        "--resume")]
    [InlineData("--emit writes the commands of a year that this process decides: leave --hosts out", "--hosts", "2")]
    [InlineData("--emit wants a folder's name, not ' '", "--emit", " ")]
    public async Task What_cannot_be_emitted_is_refused_in_one_line(string says, params string[] args) =>
        (await AmoeCommand.RunAsync(
            [
                "simulate", "--scale", "0.001",
                .. args.Contains("--emit") ? Array.Empty<string>() : ["--emit", "commands"], .. args
            ])).IsRefusal(1, says);

    /// <summary>
    /// Two partitions of students, of which each test is both drivers. A command's reference is its letter.
    /// </summary>
    private sealed class World
    {
        public const int Partitions = 2;

        private static readonly StudentId[] _students =
            [.. Enumerable.Range(0, Partitions).Select(partition =>
                Enumerable.Range(1, 100)
                    .Select(id => new StudentId((ulong)id))
                    .First(id => id.PartitionOf(Partitions) == partition))];

        private readonly Stream _file;

        public World(Stream? file = null)
        {
            _file = file ?? new MemoryStream();
            Stream = new EmittedStream(_file, "commands/stream.ndjson", _first);
            Target = Stream.Tap(Engine);
        }

        public Answering Engine { get; } = new();

        public EmittedStream Stream { get; }

        public ICommandTarget Target { get; }

        /// <summary>
        /// The lines by what they are: the mark and its day, or the letter that a command was posted with.
        /// </summary>
        public string Written =>
            string.Join(
                ", ",
                Encoding.UTF8.GetString(((MemoryStream)_file).ToArray())
                    .TrimEnd('\n')
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(NameOf));

        public void Post(int partition, DateOnly day, string letter)
        {
            Command[] commands = [new PresentReceipt(_students[partition], letter[0], day, day, 1)];
            Assert.Equal(1, Target.TryPostAll(commands, Engine));
        }

        public void Close(int partition, DateOnly day) =>
            Assert.True(Target.TryPostDay(partition, CommandKind.CloseDay, day, Engine));

        public void CloseAll(DateOnly day)
        {
            for (var partition = 0; partition < Partitions; partition++)
                Close(partition, day);
        }

        private static string NameOf(string line)
        {
            var json = Encoding.UTF8.GetBytes(line);
            return Amoe.Host.Api.Commands.DayJson.TryRead(json, out var mark, out var day)
                ? $"{(mark == CommandKind.OpenDay ? "open" : "close")} {day.Day}"
                : ((char)ApiMaker.Read(json, ApiMaker.Empty).Reference).ToString();
        }
    }

    /// <summary>An engine that answers everything at once, and a driver that hears it.</summary>
    private sealed class Answering : ICommandTarget, IReplyTo
    {
        public Outcome Answer { get; set; } = Outcome.Done;

        public int Posted { get; private set; }

        /// <summary>The incarnation of the last sender.</summary>
        public long Incarnation { get; private set; }

        public int StudentPartitions => World.Partitions;

        public int LedgerPartitions => 1;

        long IReplyTo.Incarnation => 3;

        public long IncarnationOf(int partition) => 7;

        public bool TryPost(Command command, IReplyTo replyTo)
        {
            Posted++;
            return true;
        }

        public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
        {
            Incarnation = replyTo.Incarnation;
            replyTo.OnReply(default, new Reply(new CommandId(mark, 0), Answer));
            return true;
        }

        public void OnReply(StudentId student, in Reply reply)
        {
            // Its drivers are the tests.
        }
    }

    private sealed class FullDisk(int roomBytes, bool failsAtFlush = false) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > roomBytes)
                throw new IOException("No space left on device");
            base.Write(buffer);
        }

        public override void Flush()
        {
            if (failsAtFlush)
                throw new IOException("No space left on device");
        }
    }
}
