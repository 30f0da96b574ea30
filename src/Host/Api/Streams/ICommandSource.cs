using Amoe.Engine.Domain;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Streams;

/// <summary>What a stream's commands are read from, in their order: lines of JSON, or rows of a list.</summary>
internal interface ICommandSource
{
    /// <summary>Waits for more of the body; false at its end. What was not taken by then is gone.</summary>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It breaks off.</exception>
    /// <exception cref="InvalidDataException">It cannot be unpacked, or be followed any further.</exception>
    ValueTask<bool> ReadAsync(CancellationToken cancellation);

    /// <summary>Takes what comes next; false when more has to be read first.</summary>
    bool TryTake(out ReadLine line);
}

/// <summary>A line of a stream as it was read: one of command, mark, fault and refusal is there.</summary>
/// <param name="Number">The line of the body in which it begins, from 1.</param>
internal readonly record struct ReadLine(long Number)
{
    public Command? Command { get; init; }

    /// <summary>A day that opens or closes, where the clock is the stream's.</summary>
    public (CommandKind Kind, DateOnly Day)? Mark { get; init; }

    /// <summary>Why it is no command.</summary>
    public JsonFault? Fault { get; init; }

    /// <summary>Why the caller may not send it.</summary>
    public Refusal? Refusal { get; init; }
}
