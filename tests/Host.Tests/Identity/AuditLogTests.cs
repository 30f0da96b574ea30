using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class AuditLogTests : IDisposable
{
    private static readonly Reader _reader = Reader.Of("desk-7", "où en est «le dossier»?");

    private readonly TestFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly AuditPosition _begin;

    public AuditLogTests() => _begin = AuditLog.Create(Log, "host-1", TimeProvider.System);

    private string Log => _folder.File("audit.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_says_who_did_what_when_to_which_student_and_why()
    {
        await AppendAsync(Entry(AuditAct.Read, 4711), Entry(AuditAct.Find, null));

        var lines = File.ReadAllLines(Log).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(
            ("begin", "host-1", 0),
            (lines[0].GetProperty("what").GetString(), lines[0].GetProperty("host").GetString(),
                lines[0].GetProperty("seq").GetInt32()));
        Assert.Equal(
            (1, "read", "desk-7", "où en est «le dossier»?", 4711),
            (lines[1].GetProperty("seq").GetInt32(), lines[1].GetProperty("what").GetString(),
                lines[1].GetProperty("actor").GetString(), lines[1].GetProperty("purpose").GetString(),
                lines[1].GetProperty("student").GetInt32()));
        Assert.InRange(
            DateTimeOffset.Parse(lines[1].GetProperty("time").GetString()!), DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow);
        Assert.False(lines[2].TryGetProperty("student", out _));
    }

    [Fact]
    public async Task A_log_goes_on_where_it_ended()
    {
        await AppendAsync(Entry(AuditAct.Read, 1));
        await AppendAsync(Entry(AuditAct.Read, 2));

        var walk = AuditLog.Verify(Log);
        Assert.Equal(
            (null, 2L, 0L, new FileInfo(Log).Length),
            (walk.Problem, walk.End.Sequence, walk.TornBytes, walk.End.Offset));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_a_chain()
    {
        using (var log = Open())
            await Task.WhenAll(
                Enumerable.Range(0, 500).Select(i =>
                    Task.Run(async () => await log.AppendAsync(Entry(AuditAct.Read, (ulong)i)))));

        Assert.Equal((null, 500L), (AuditLog.Verify(Log).Problem, AuditLog.Verify(Log).End.Sequence));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("removed")]
    [InlineData("reordered")]
    [InlineData("doubled")]
    [InlineData("changed and hashed anew")]
    public async Task A_line_that_was_tampered_with_is_named(string how)
    {
        await AppendAsync([.. Enumerable.Range(1, 9).Select(i => Entry(AuditAct.Read, (ulong)i))]);
        var lines = File.ReadAllLines(Log).ToList();
        if (how == "changed")
            lines[4] = lines[4].Replace("desk-7", "desk-8", StringComparison.Ordinal);
        else if (how == "removed")
            lines.RemoveAt(4);
        else if (how == "reordered")
            (lines[4], lines[5]) = (lines[5], lines[4]);
        else if (how == "doubled")
            lines.Insert(4, lines[3]);
        else
            Forge(lines);
        File.WriteAllText(Log, string.Join('\n', lines) + "\n");

        var walk = AuditLog.Verify(Log);

        Assert.NotNull(walk.Problem);
        // Who hashes a line anew without the ones after it is found at the next.
        Assert.Equal(how == "changed and hashed anew" ? 6 : 5, walk.End.Sequence + 2);
        Assert.Contains(
            $"line {walk.End.Sequence + 2} ", Assert.Throws<VaultException>(() => Open().Dispose()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_line_that_is_missing_is_found()
    {
        File.WriteAllText(Log, "");
        using var other = Open(AuditPosition.Start);
        Assert.Throws<VaultException>(() => Open().Dispose());
    }

    /// <summary>What kill -9 leaves of a write: each length of the last line.</summary>
    [Fact]
    public async Task A_torn_last_line_is_cut_off_at_each_length_and_said_so()
    {
        await AppendAsync(Entry(AuditAct.Read, 1));
        var before = File.ReadAllBytes(Log);
        await AppendAsync(Entry(AuditAct.Read, 2));
        var whole = File.ReadAllBytes(Log);
        for (var length = before.Length + 1; length < whole.Length; length++)
        {
            _warnings.Clear();
            File.WriteAllBytes(Log, whole[..length]);

            Assert.Equal(
                (null, length - before.Length), (AuditLog.Verify(Log).Problem, AuditLog.Verify(Log).TornBytes));
            Open().Dispose();

            Assert.Contains(
                $"the {length - before.Length} bytes after line 2", Assert.Single(_warnings), StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllBytes(Log));
        }
    }

    [Fact]
    public async Task Zeros_that_a_power_cut_leaves_in_a_last_line_are_cut_off_too()
    {
        await AppendAsync(Entry(AuditAct.Read, 1));
        var before = File.ReadAllBytes(Log);
        await AppendAsync(Entry(AuditAct.Read, 2));
        var whole = File.ReadAllBytes(Log);
        whole.AsSpan(before.Length + 20, 40).Clear();
        File.WriteAllBytes(Log, whole);

        Open().Dispose();

        Assert.Single(_warnings);
        Assert.Equal(before, File.ReadAllBytes(Log));
    }

    [Fact]
    public async Task A_log_shorter_than_what_was_seen_of_it_and_another_log_are_refused()
    {
        AuditPosition seen;
        using (var log = Open())
            seen = await log.AppendAsync(Entry(AuditAct.Read, 1));
        var other = File.ReadAllText(Log).Replace("host-1", "host-2", StringComparison.Ordinal);

        Assert.Contains("ends before", Refused(seen with { Offset = seen.Offset + 1 }), StringComparison.Ordinal);
        Assert.Contains("not the log", Refused(seen with { Hash = _begin.Hash }), StringComparison.Ordinal);
        Assert.Contains("not the log", Refused(_begin, seen with { Sequence = 7 }), StringComparison.Ordinal);
        File.WriteAllText(Log, other[..^5] + "0\"}\n\n");
        Assert.Contains("not the log", Refused(seen), StringComparison.Ordinal);
        File.Delete(Log);
        Assert.Contains("missing", Refused(seen), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "why", "actor of a reading is missing")]
    [InlineData("who", " ", "purpose of a reading is missing")]
    [InlineData("who", "a\nb", "control character")]
    public void A_reading_says_who_and_why(string? actor, string? purpose, string problem)
    {
        Assert.Contains(problem, Reader.Check(actor, purpose, out var reader), StringComparison.Ordinal);
        Assert.Null(reader);
    }

    [Fact]
    public async Task The_longest_reader_fits_a_line()
    {
        Assert.NotNull(Reader.Check(new string('a', Reader.ActorMax + 1), "why", out _));
        Assert.NotNull(Reader.Check("who", new string('a', Reader.PurposeMax + 1), out _));
        await AppendAsync(
            new AuditEntry(
                AuditAct.Correct, new StudentId((1UL << 53) - 1),
                Reader.Of(new string('"', Reader.ActorMax), "a" + new string('\u2028', Reader.PurposeMax - 2) + "z")));

        Assert.Equal((null, 1L), (AuditLog.Verify(Log).Problem, AuditLog.Verify(Log).End.Sequence));
    }

    private static AuditEntry Entry(AuditAct act, ulong? student) =>
        new(act, student is { } number ? new StudentId(number) : null, _reader);

    /// <summary>Changes a line and makes its hash anew, as somebody who knows the format would.</summary>
    private static void Forge(List<string> lines)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        var previous = new AuditPosition(3, 0, lines[3][^66..^2]);
        AuditLine.Write(bytes, previous, DateTimeOffset.UnixEpoch, Entry(AuditAct.Read, 99));
        lines[4] = System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan).TrimEnd('\n');
    }

    private AuditLog Open(params AuditPosition[] marks) =>
        AuditLog.Open(Log, marks.Length == 0 ? [_begin] : marks, TimeProvider.System, _ => { }, _warnings.Add);

    private string Refused(params AuditPosition[] marks) =>
        Assert.Throws<VaultException>(() => Open(marks).Dispose()).Message;

    private async Task AppendAsync(params AuditEntry[] entries)
    {
        using var log = Open();
        foreach (var entry in entries)
            await log.AppendAsync(entry);
    }
}
