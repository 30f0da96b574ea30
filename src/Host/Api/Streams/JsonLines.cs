using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;
using Amoe.Host.Live;

namespace Amoe.Host.Api.Streams;

/// <summary>Commands as JSON, one object a line.</summary>
internal sealed class JsonLines(LineReader body, StreamRules rules, BusinessDays days) : ICommandSource
{
    private static readonly JsonFault TooLong =
        new("", FaultCode.TooLong, $"the line has more than {CommandStream.LineBytesMax} bytes");

    private long _lines;

    public ValueTask<bool> ReadAsync(CancellationToken cancellation) => body.ReadAsync(cancellation);

    public bool TryTake(out ReadLine line)
    {
        line = new ReadLine(_lines + 1);
        if (!body.TryTake(out var bytes, out var isTooLong))
            return false;
        _lines++;
        if (isTooLong)
            line = line with { Fault = TooLong };
        else if (rules.TakesKnown && DayJson.TryRead(bytes, out var kind, out var day))
            line = FaultOf(day) is { } wrongDay ? line with { Fault = wrongDay } : line with { Mark = (kind, day) };
        else if (CommandJson.TryRead(bytes, new CommandContext(CommandKind.None, null, null, Known, rules.TakesKnown),
            out var command, out var fault))
            line = FaultOf(command.Known) is { } wrongDay ? line with { Fault = wrongDay } : rules.Check(line, command);
        else
            line = line with { Fault = fault };
        return true;
    }

    /// <summary>The day of a line that does not say it; none of a line of opening balances, which has to.</summary>
    private DateOnly Known => rules.IsOpening ? default : days.Today;

    /// <summary>What is wrong with the day of an opening balance; null where nothing is.</summary>
    private JsonFault? FaultOf(DateOnly known)
    {
        if (!rules.IsOpening || (CommandBounds.IsDay(known) && known < days.Calendar))
            return null;
        return known == default
            ? new JsonFault("/known", FaultCode.Missing,
                "/known: it is missing; an opening balance says on which day it became known")
            : new JsonFault("/known", FaultCode.OutOfRange,
                $"/known: opening balances are of days from {CommandBounds.FirstDay:yyyy-MM-dd} to yesterday");
    }
}
