using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;
using Amoe.Host.Live;

namespace Amoe.Host.Api.Streams;

/// <summary>Commands as JSON, one object a line.</summary>
internal sealed class JsonLines(LineReader body, StreamRules rules, BusinessDays days) : ICommandSource
{
    private long _lines;

    public ValueTask<bool> ReadAsync(CancellationToken cancellation) => body.ReadAsync(cancellation);

    public bool TryTake(out ReadLine line)
    {
        line = new ReadLine(_lines + 1);
        if (!body.TryTake(out var bytes, out var isTooLong))
            return false;
        _lines++;
        if (isTooLong)
            line = line with { Fault = new JsonFault("", "too_long", $"the line has more than {CommandStream.LineBytesMax} bytes") };
        else if (rules.TakesKnown && DayJson.TryRead(bytes, out var kind, out var day))
            line = line with { Mark = (kind, day) };
        else if (CommandJson.TryRead(bytes, new CommandContext(CommandKind.None, null, null, days.Today, rules.TakesKnown), out var command, out var fault))
            line = rules.Check(line, command);
        else
            line = line with { Fault = fault };
        return true;
    }
}
