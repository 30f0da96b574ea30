using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Host.Access;
using Amoe.Host.Http;
using Amoe.Host.Live;
using Amoe.Host.Telemetry;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// One stream of commands, a line each: reads them, posts them in their order, and writes each line's answer, in the
/// order of the lines, once it is durable. A line that is no command spoils only itself.
/// </summary>
/// <remarks>
/// One task reads and posts, another writes the answers. Between them is a ring of lines under way: where it is full,
/// or the scheme is, the sender waits.
/// </remarks>
internal sealed class CommandStream
{
    /// <summary>Lines that may be under way.</summary>
    public const int LinesMax = 16_384;

    /// <summary>Bytes of one line: it has what the body of a single call has.</summary>
    public const int LineBytesMax = Body.BytesMax;

    /// <summary>
    /// Faults after which a stream has to have more commands than faults. The answer to an empty line has a hundred
    /// times its bytes, and a packed one has a thousandth of a byte: a megabyte would fill the disk with answers.
    /// </summary>
    public const int FaultsMax = 100_000;

    private const int AnswerBytes = 64 << 10;
    private static readonly TimeSpan _againAfter = TimeSpan.FromMilliseconds(5);

    // Answers are no web page: names in Arabic and French are written as they are.
    private static readonly JsonWriterOptions _json =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ICommandTarget _scheme;
    private readonly BusinessDays _days;
    private readonly StreamRules _rules;
    private readonly AnswerLog _answers;
    private readonly TimeProvider _time;
    private readonly LineUnderWay[] _lines;
    private readonly LineCounts _counts = new();
    private long _read;
    private long _readFaults;
    private long _written;

    // Of the reader: the day of the last command that it posted, where that is the host's.
    private DateOnly _day;
    private bool _isToBeSentAgain;
    private volatile bool _isWhole;
    private volatile bool _isBroken;

    // What the two tasks wait for, while they do.
    private TaskCompletionSource? _readerWaits;
    private TaskCompletionSource? _writerWaits;

    public CommandStream(
        ICommandTarget scheme, BusinessDays days, StreamRules rules, AnswerLog answers, TimeProvider time)
    {
        (_scheme, _days, _rules, _answers, _time) = (scheme, days, rules, answers, time);
        _lines = [.. Enumerable.Range(0, LinesMax).Select(_ => new LineUnderWay(!rules.TakesKnown, OnChanged))];
    }

    /// <summary>Counts the lines; null where they are not counted.</summary>
    public HostMeter? Meter { get; init; }

    /// <summary>Lines that were answered.</summary>
    public long Written => Volatile.Read(ref _written);

    private long UnderWay => _read - Volatile.Read(ref _written);

    /// <summary>
    /// Reads to the end of the body and answers every line of it. Where the body breaks off, what was read is answered
    /// all the same. False where it stopped before the end, because of too many faults.
    /// </summary>
    /// <exception cref="IOException">The body broke off.</exception>
    /// <exception cref="AnswersNotKeptException">The answers cannot be written.</exception>
    public async Task<bool> RunAsync(ICommandSource body, CancellationToken cancellation)
    {
        // A sender that says nothing is not waited for where its answers cannot be written.
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = Task.Run(() => WriteOrBreakAsync(broken), CancellationToken.None);
        try
        {
            while (!_isBroken && !HasTooManyFaults && await body.ReadAsync(broken.Token))
                await TakeAsync(body, broken.Token);
        }
        finally
        {
            _isWhole = true;
            Signal(ref _writerWaits);
            await writing;
        }

        return !HasTooManyFaults;
    }

    private bool HasTooManyFaults => _readFaults > FaultsMax && _readFaults > _read / 2;

    private async Task TakeAsync(ICommandSource body, CancellationToken cancellation)
    {
        while (!_isBroken && !HasTooManyFaults)
        {
            // Half of a full ring: a reader that was woken for every line would do little else than wake up.
            if (UnderWay == LinesMax)
                await WaitAsync(() => UnderWay <= LinesMax / 2, isReader: true);
            if (!TryTake(body, out var line, out var mark))
                return;
            try
            {
                if (mark is not null)
                    await MarkAsync(line, mark.Value, cancellation);
                else if (line.Command is { } command)
                    await OpenAndPostAsync(line, command, cancellation);
            }
            catch
            {
                // The answers end with this line, and the writer waits for it.
                line.OnReply(
                    line.Command?.Student ?? default, new Reply(line.Command?.Id ?? default, Outcome.Overloaded));
                throw;
            }
        }
    }

    /// <summary>False when more of the body has to be read first.</summary>
    /// <param name="line">Answered already where it is a fault.</param>
    private bool TryTake(ICommandSource body, out LineUnderWay line, out (CommandKind Kind, DateOnly Day)? mark)
    {
        line = _lines[_read % LinesMax];
        var isRead = body.TryTake(out var read);
        mark = read.Mark;
        if (!isRead)
            return false;
        line.Number = read.Number;
        line.Command = read.Command;
        if (read.Fault is { } fault)
            line.Fail(fault);
        else if (read.Refusal is { } refusal)
            line.Forbid(refusal);
        _read++;

        // A fault may be written and forgotten by now; a command is not posted yet.
        if (read.Command is null && mark is null)
            _readFaults++;
        return true;
    }

    /// <summary>
    /// Of opening balances the day is opened first, once all that was sent before is answered. Where some of it has to
    /// be sent again the day stays closed, or it would be stale by then; and so has this line.
    /// </summary>
    private async ValueTask OpenAndPostAsync(LineUnderWay line, Command command, CancellationToken cancellation)
    {
        if (_rules.IsOpening && command.Known > _days.Today)
        {
            var before = _read - 1;
            await WaitAsync(() => Volatile.Read(ref _written) >= before, isReader: true);
            if (_isToBeSentAgain)
            {
                line.Answer(Outcome.Overloaded);
                return;
            }

            await _days.OpenThroughAsync(command.Known, cancellation);
        }

        await PostAsync(line, command, cancellation);
    }

    private async ValueTask PostAsync(LineUnderWay line, Command command, CancellationToken cancellation)
    {
        if (_rules.MustAsk(command) && !await MaySendAsync(line, command, cancellation))
            return;
        if (!_rules.TakesKnown)
            command = await OfTheDayAsync(line, command, cancellation);
        while (!_scheme.TryPost(command, line))
            await Task.Delay(_againAfter, _time, cancellation);
    }

    /// <summary>
    /// A command as one of the day that is open. The first one of a day waits until all before it are answered: some
    /// may be late and posted again, and commands to one student are decided in the order of their lines.
    /// </summary>
    private async ValueTask<Command> OfTheDayAsync(
        LineUnderWay line, Command command, CancellationToken cancellation)
    {
        if (!_days.Opening.IsCompleted)
        {
            // Midnight: partitions whose new day is open would not take a command of the old one.
            await _days.Opening.WaitAsync(cancellation);
            line.Command = command = _days.OfToday(command);
        }

        if (command.Known > _day)
        {
            var before = _read - 1;
            await WaitAsync(() => Volatile.Read(ref _written) >= before, isReader: true);
            _day = command.Known;
        }

        return command;
    }

    /// <summary>
    /// Posts late lines again as commands of the day that is open, in their order: midnight came between the look at
    /// the day and the post, and nothing of them was journalled.
    /// </summary>
    private async Task PostLateAsync(CancellationToken cancellation)
    {
        await _days.IsOverAsync(_lines[_written % LinesMax].Command!.Known, cancellation);
        for (var number = _written; number < Volatile.Read(ref _read); number++)
        {
            if (_lines[number % LinesMax] is not { State: LineState.Late, Command: { } late } line)
                continue;
            if (late.Known >= _days.Today)
            {
                line.Answer(cancellation.IsCancellationRequested ? Outcome.Overloaded : Outcome.Stale);
                continue;
            }

            line.Begin(late = _days.OfToday(late));
            try
            {
                while (!_scheme.TryPost(late, line))
                    await Task.Delay(_againAfter, _time, cancellation);
            }
            catch (OperationCanceledException)
            {
                line.Answer(Outcome.Overloaded);
            }
        }
    }

    /// <summary>False where the line is answered: it is forbidden, or its owner cannot be known.</summary>
    private async ValueTask<bool> MaySendAsync(LineUnderWay line, Command command, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await _rules.RefuseAsync(command) is not { } refusal)
                    return true;
                line.Forbid(refusal);
                return false;
            }
            catch (OwnerNotKnownException e) when (e.Outcome == Outcome.Overloaded)
            {
                await Task.Delay(_againAfter, _time, cancellation);
            }
            catch (OwnerNotKnownException e)
            {
                // Of the command itself nothing was decided.
                line.Answer(e.Outcome == Outcome.Unknown ? Outcome.Overloaded : e.Outcome);
                return false;
            }
        }
    }

    /// <summary>
    /// Where the clock is the stream's: a day opens or closes once all that was sent before is answered.
    /// </summary>
    private async Task MarkAsync(
        LineUnderWay line, (CommandKind Kind, DateOnly Day) mark, CancellationToken cancellation)
    {
        var before = _read - 1;
        await WaitAsync(() => Volatile.Read(ref _written) >= before, isReader: true);
        if (mark.Kind == CommandKind.OpenDay)
            await _days.OpenThroughAsync(mark.Day, cancellation);
        else
            await _days.CloseTodayAsync(cancellation);
        line.OnReply(default, new Reply(new CommandId(mark.Kind, 0), Outcome.Done));
    }

    private async Task WriteOrBreakAsync(CancellationTokenSource broken)
    {
        try
        {
            await WriteAsync(broken.Token);
        }
        catch
        {
            _isBroken = true;
            Signal(ref _readerWaits);
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(AnswerBytes);
        using var json = new Utf8JsonWriter(buffer, _json);
        while (true)
        {
            while (_lines[_written % LinesMax] is { IsAnswered: true } line)
            {
                line.Write(json);
                Count(line);
                json.Reset();
                buffer.Write("\n"u8);
                line.Forget();
                Volatile.Write(ref _written, _written + 1);
                if (buffer.WrittenCount >= AnswerBytes)
                    break;
            }

            if (buffer.WrittenCount > 0)
            {
                _answers.Append(buffer.WrittenSpan);
                Meter?.Count(_counts);
                buffer.ResetWrittenCount();
                Signal(ref _readerWaits);
                continue;
            }

            if (_lines[_written % LinesMax].State == LineState.Late)
                await PostLateAsync(cancellation);
            else if (_isWhole && _written == Volatile.Read(ref _read))
                return;
            else
                await WaitAsync(
                    () => _lines[_written % LinesMax].State != LineState.Waiting
                        || (_isWhole && _written == Volatile.Read(ref _read)),
                    isReader: false);
        }
    }

    private void Count(LineUnderWay line)
    {
        if (line.Fault is not null)
            _counts.AddFault(line.IsForbidden);
        else
        {
            _counts.Add(line.Reply.Outcome);
            _isToBeSentAgain |= line.Reply.Outcome is Outcome.Overloaded or Outcome.Unknown;
        }
    }

    /// <summary>
    /// Waits for the other task. It says that it waits before it looks for the last time, so no signal is missed.
    /// </summary>
    private async ValueTask WaitAsync(Func<bool> isReady, bool isReader)
    {
        while (!isReady() && !_isBroken)
        {
            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref isReader ? ref _readerWaits : ref _writerWaits, signal);
            if (isReady() || _isBroken)
                return;
            await signal.Task;
        }
    }

    private static void Signal(ref TaskCompletionSource? waits)
    {
        // What was done before is to be seen by a task that says now that it waits.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref waits) is not null)
            Interlocked.Exchange(ref waits, null)?.TrySetResult();
    }

    /// <summary>The writer waits for the first line alone: to wake it for another would be in vain.</summary>
    private void OnChanged(LineUnderWay line)
    {
        Interlocked.MemoryBarrier();
        if (_lines[Volatile.Read(ref _written) % LinesMax] == line)
            Signal(ref _writerWaits);
    }
}
